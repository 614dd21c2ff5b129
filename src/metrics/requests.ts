// Counts the requests of the HTTP API by the pattern of their route, never by the path that was asked for: paths hold
// numbers and ids, and anybody could invent new ones.

import { Counter, Histogram, type Registry } from 'prom-client';
import type { App } from '../http/index.ts';

/** From a cached read to a campaign of 10,000 numbers on a busy machine. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Watches every request of this server; call it before its routes are added. */
export function observeRequests(app: App, registry: Registry): void {
  const requests = new Counter({
    name: 'carillon_http_requests_total',
    help: 'Requests by route and status',
    labelNames: ['method', 'route', 'status'],
    registers: [registry],
  });
  const seconds = new Histogram({
    name: 'carillon_http_request_seconds',
    help: 'From the head of a request to the end of its answer',
    labelNames: ['method', 'route'],
    buckets,
    registers: [registry],
  });
  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions } = request;
    const route = routeOptions.url ?? 'none';
    requests.inc({ method, route, status: String(reply.statusCode) });
    seconds.observe({ method, route }, reply.elapsedTime / 1000);
  });
}
