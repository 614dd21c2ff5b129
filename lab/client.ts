// A client of the API as a careful one is written: it asks the processes in turn, and repeats what it got no answer to
// with the same Idempotency-Key, so that nothing is done twice.
import type { ServerProcess } from './server-process.ts';

/** A request without an answer is given up and repeated: a suspended process never answers. */
const answerMs = 4000;
const retryMs = 150;

export type Answer = { status: number; body: { data?: { id: number; status: string }; message?: string } };

export class Client {
  readonly #servers: readonly ServerProcess[];
  /** Answers that say that the server has an error: none may be. */
  readonly errors: string[] = [];
  #turn = 0;
  #closed = false;

  constructor(servers: readonly ServerProcess[]) {
    this.#servers = servers;
  }

  /** One try; undefined where there was no answer, or the answer was that the database is away. */
  async once(
    key: string,
    method: string,
    path: string,
    body?: unknown,
    idempotencyKey?: string,
  ): Promise<Answer | undefined> {
    const url = this.#servers[this.#turn++ % this.#servers.length]!.url;
    if (url === undefined) return undefined;
    try {
      const response = await fetch(`${url}${path}`, {
        method,
        signal: AbortSignal.timeout(answerMs),
        headers: {
          'x-api-key': key,
          ...(body === undefined || body instanceof FormData ? {} : { 'content-type': 'application/json' }),
          ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
        },
        ...(body === undefined ? {} : { body: body instanceof FormData ? body : JSON.stringify(body) }),
      });
      const answer = { status: response.status, body: (await response.json()) as Answer['body'] };
      if (answer.status >= 500) {
        if (answer.status !== 503)
          this.errors.push(`${method} ${path}: ${answer.status} ${answer.body.message}`);
        return undefined;
      }
      return answer;
    } catch {
      return undefined;
    }
  }

  /** Tries until there is an answer; undefined when the round is over before. */
  async surely(
    key: string,
    method: string,
    path: string,
    body?: unknown,
    idempotencyKey?: string,
  ): Promise<Answer | undefined> {
    while (!this.#closed) {
      const answer = await this.once(key, method, path, body, idempotencyKey);
      if (answer !== undefined) return answer;
      await new Promise((done) => setTimeout(done, retryMs));
    }
    return undefined;
  }

  /** Nothing is tried any more. */
  close(): void {
    this.#closed = true;
  }
}
