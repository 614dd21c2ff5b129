// The headers that tell a browser what an answer is not for: not to be framed, sniffed, or run. Called by server.ts.
// An API is read by programs, but whoever is logged in at /docs has a key in that page.

import helmet from '@fastify/helmet';
import type { App } from './server.ts';

/** An answer of the API loads nothing and stands in no frame. */
const nothing = { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } };

/** The page of the documentation loads from this server alone; its styles stand in its elements too. */
export const documentationPolicy = {
  'default-src': ["'self'"],
  'script-src': ["'self'"],
  'style-src': ["'self'", "'unsafe-inline'"],
  'img-src': ["'self'", 'data:'],
  'object-src': ["'none'"],
  'base-uri': ["'none'"],
  'form-action': ["'self'"],
  'frame-ancestors': ["'none'"],
};

/** Registers them for every answer. Strict-Transport-Security is for the proxy that ends TLS to say. */
export async function securityHeaders(app: App): Promise<void> {
  await app.register(helmet, { contentSecurityPolicy: nothing, strictTransportSecurity: false });
}
