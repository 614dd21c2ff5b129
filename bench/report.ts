// Asks for one campaign's report over one connection, with as little work of its own as it can: what `fetch` computes for
// an answer, a millisecond while both cores are busy, is not the server's. Called by large.ts.
import { connect } from 'node:net';
import { checked, type Report } from './world.ts';

export type Reporter = {
  /** One at a time. */
  ask(): Promise<Report>;
  close(): void;
};

/** Connects to the API at `url`, with a key. */
export async function reporter(url: string, key: string, id: number): Promise<Reporter> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await new Promise((open, fail) => socket.once('connect', open).once('error', fail));
  socket.setNoDelay(true).setEncoding('utf8');
  const request = `GET /api/campaigns/${id}/detail HTTP/1.1\r\nhost: ${hostname}\r\nx-api-key: ${key}\r\n\r\n`;
  let answer = '';
  let waiting: { done: (report: Report) => void; fail: (error: Error) => void } | undefined;
  const fail = () => waiting?.fail(new Error(`report: ${answer || 'the connection was closed'}`));
  socket.on('error', fail).on('close', fail);
  socket.on('data', (text: string) => {
    answer += text;
    const body = answer.indexOf('\r\n\r\n') + 4;
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(answer)?.[1]);
    if (body < 4 || Buffer.byteLength(answer.slice(body)) < length) return;
    if (!answer.startsWith('HTTP/1.1 200 ')) return fail();
    const { data } = JSON.parse(answer.slice(body)) as { data: Report };
    answer = '';
    waiting?.done(data);
    waiting = undefined;
  });
  return {
    ask: async () => {
      const report = await new Promise<Report>((done, failed) => {
        waiting = { done, fail: failed };
        socket.write(request);
      });
      return checked(id, report);
    },
    close() {
      waiting = undefined;
      socket.destroy();
    },
  };
}
