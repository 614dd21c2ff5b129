// The address of its own where a process of any role answers its operators: /metrics, /healthz and /readyz. Without keys,
// and so apart from the port that customers reach. Started by monitor.ts.

import { createServer, type ServerResponse } from 'node:http';
import type { Verdict } from './health.ts';

export type Pages = {
  metrics(): Promise<{ type: string; text: string }>;
  live(): Promise<Verdict>;
  ready(): Promise<Verdict & { operators?: unknown }>;
};

export type MonitorServer = { port: number; close(): Promise<void> };

/** A client that keeps a connection without asking is nobody's monitoring. */
const idleMs = 120_000;
const requestMs = 10_000;

/** Listens. Rejects with the system's error when the port cannot be had. */
export async function startServer(host: string, port: number, pages: Pages): Promise<MonitorServer> {
  const server = createServer((request, response) => {
    request.resume();
    const path = request.url?.split('?', 1)[0];
    if (request.method !== 'GET' && request.method !== 'HEAD') return answer(response, 405, 'GET only\n');
    void page(pages, path, response).catch(() => {
      if (!response.headersSent) answer(response, 500, 'This page failed.\n');
      else response.destroy();
    });
  });
  server.keepAliveTimeout = idleMs;
  server.requestTimeout = requestMs;
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen({ host, port }, () => {
      server.off('error', fail);
      done();
    });
  });
  return {
    port: (server.address() as { port: number }).port,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

async function page(pages: Pages, path: string | undefined, response: ServerResponse): Promise<void> {
  if (path === '/metrics') {
    const { type, text } = await pages.metrics();
    answer(response, 200, text, type);
  } else if (path === '/healthz') {
    const { ok, problems } = await pages.live();
    json(response, ok, { status: ok ? 'ok' : 'stuck', problems });
  } else if (path === '/readyz') {
    const { ok, ...rest } = await pages.ready();
    json(response, ok, { status: ok ? 'ready' : 'not ready', ...rest });
  } else {
    answer(response, 404, 'There are /metrics, /healthz and /readyz here.\n');
  }
}

function json(response: ServerResponse, ok: boolean, body: unknown): void {
  answer(response, ok ? 200 : 503, `${JSON.stringify(body)}\n`, 'application/json; charset=utf-8');
}

function answer(
  response: ServerResponse,
  status: number,
  text: string,
  type = 'text/plain; charset=utf-8',
): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(text);
}
