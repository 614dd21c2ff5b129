// A tab of Chromium that nobody watches. What test tools attach to a page for their own use (the stack of every request,
// every call of the console) costs it a fifth of its start, so a measured page is spoken to by DevTools' own protocol,
// with nothing enabled. Called by console.ts.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromiumArgs, chromiumPath } from '../test/support/browser.ts';

export type Tab = {
  /** A command of the protocol, and its result. */
  send(method: string, params?: object): Promise<Record<string, unknown>>;
  /** Goes to an address, and comes back when its document has taken the place of the one before. */
  go(url: string): Promise<void>;
  /** The value of an expression, or of what it promises. Throws what it throws. */
  evaluate<T>(expression: string): Promise<T>;
  /** Ends the browser and removes its folder. */
  close(): Promise<void>;
};

type Answer = { id?: number; result?: Record<string, unknown>; error?: { message: string } };
type Waiting = { done: (result: Record<string, unknown>) => void; fail: (error: Error) => void };
type Evaluated = { result: { value: unknown }; exceptionDetails?: { exception?: { description: string } } };

/** Starts a browser with an empty profile of its own and one tab. */
export async function openTab(): Promise<Tab> {
  const folder = await mkdtemp(join(tmpdir(), 'carillon-tab-'));
  const child = spawn(
    chromiumPath,
    [...chromiumArgs, '--remote-debugging-port=0', `--user-data-dir=${folder}`, 'about:blank'],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const ended = new Promise((end) => child.once('exit', end));
  const stop = async () => {
    child.kill();
    await ended;
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    let port: string | undefined;
    for await (const line of createInterface({ input: child.stderr })) {
      port = /DevTools listening on ws:\/\/[^:]+:(\d+)/.exec(line)?.[1];
      if (port !== undefined) break;
    }
    child.stderr.resume();
    const targets = await fetch(`http://127.0.0.1:${port}/json/list`);
    const pages = (await targets.json()) as { type: string; webSocketDebuggerUrl: string }[];
    const { send, close } = await connect(pages.find(({ type }) => type === 'page')!.webSocketDebuggerUrl);
    const evaluate = async <T>(expression: string) => {
      const options = { expression, awaitPromise: true, returnByValue: true };
      const { result, exceptionDetails } = (await send('Runtime.evaluate', options)) as Evaluated;
      if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? expression);
      return result.value as T;
    };
    return {
      send,
      evaluate,
      async go(url) {
        // The address does not tell: a page may go on to another one at once.
        const born = 'performance.timeOrigin';
        const before = await evaluate(born);
        await send('Page.navigate', { url });
        while ((await evaluate(born)) === before);
      },
      async close() {
        close();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function connect(url: string) {
  const socket = new WebSocket(url);
  await new Promise((open, fail) => {
    socket.onopen = open;
    socket.onerror = () => fail(new Error(`cannot connect to ${url}`));
  });
  const waiting = new Map<number, Waiting>();
  let last = 0;
  socket.onmessage = ({ data }) => {
    const { id, result, error } = JSON.parse(String(data)) as Answer;
    const call = waiting.get(id ?? 0);
    if (call === undefined) return;
    waiting.delete(id!);
    if (error) call.fail(new Error(error.message));
    else call.done(result ?? {});
  };
  return {
    send: (method: string, params: object = {}) =>
      new Promise<Record<string, unknown>>((done, fail) => {
        last += 1;
        waiting.set(last, { done, fail });
        socket.send(JSON.stringify({ id: last, method, params }));
      }),
    close: () => socket.close(),
  };
}
