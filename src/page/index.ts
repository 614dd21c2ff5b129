// The console itself: the files that Vite built, for every path that no API has. Called by app.ts, after all routes.

import { randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import files from '@fastify/static';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type App, answerUnknownRoute } from '../http/index.ts';

/** What stands in index.html where the nonce of an answer belongs. */
const noncePlace = '__CSP_NONCE__';

/** Where nobody looks for a page. */
const programs = /^\/(api|admin\/api|console\/api|docs|metrics|healthz|readyz)(\/|$)/;

/** Names of files that Vite makes; none leads out of the folder. */
const fileName = /^(?:[\w-][\w.-]*\/)*[\w-][\w.-]*\.\w+$/;

/** Their names carry a hash of what is in them. */
const assets = 'assets/';

const notBuilt = `Carillon is running. Its console has not been built here: run "npm run build" in the folder of Carillon,
or set CONSOLE_DIR. The API can be read and tried at /docs.
`;

/** Adds one route for all that is left. */
export async function consolePage(app: App, folder: string): Promise<void> {
  await app.register(async (scope) => {
    await scope.register(files, {
      ...{ root: folder, serve: false, preCompressed: true, cacheControl: false },
      suppressWarning: true,
    });
    scope.get('/*', { schema: { hide: true } }, async (request, reply) => {
      const path = (request.params as { '*': string })['*'];
      if (programs.test(`/${path}`)) return answerUnknownRoute(request, reply);
      if (await isFile(folder, path)) return sendAsset(reply, path);
      // A file that is not there is no page: a browser that waits for a script would be given HTML.
      if (path.startsWith(assets)) return answerUnknownRoute(request, reply);
      return sendPage(request, reply, folder, path);
    });
  });
}

async function isFile(folder: string, path: string): Promise<boolean> {
  if (!fileName.test(path) || path === 'index.html') return false;
  return stat(join(folder, path)).then(
    (found) => found.isFile(),
    () => false,
  );
}

function sendAsset(reply: FastifyReply, path: string) {
  const cache = path.startsWith(assets) ? 'public, max-age=31536000, immutable' : 'no-cache';
  return reply.header('cache-control', cache).sendFile(path);
}

/** index.html for whoever wants a page, whatever its path: the console finds its way itself. */
async function sendPage(request: FastifyRequest, reply: FastifyReply, folder: string, path: string) {
  const wantsPage = path === '' || /text\/html/.test(request.headers.accept ?? '');
  if (!wantsPage) return answerUnknownRoute(request, reply);
  const page = await readFile(join(folder, 'index.html'), 'utf8').catch(() => null);
  reply.header('cache-control', 'no-store');
  if (page === null) return reply.type('text/plain; charset=utf-8').send(notBuilt);
  const nonce = randomBytes(16).toString('base64');
  return reply
    .header('content-security-policy', policy(nonce))
    .type('text/html; charset=utf-8')
    .send(page.replaceAll(noncePlace, nonce));
}

/** Everything comes from this server, and no script or style that stands in the page runs but those with the nonce. */
function policy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}
