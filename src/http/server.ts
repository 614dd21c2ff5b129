// Makes the Fastify server that every feature adds its routes to: schemas, authentication, errors, limits and the
// API's documentation. Called by app.ts.

import cookie from '@fastify/cookie';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  fastify,
  LogController,
  type RawReplyDefaultExpression,
  type RawRequestDefaultExpression,
  type RawServerDefault,
} from 'fastify';
import { Type } from 'typebox';
import type { Db } from '../db/index.ts';
import { authentication, type KeySource, type SessionSource } from './authentication.ts';
import { serveDocumentation } from './documentation.ts';
import {
  answerError,
  answerUnknownRoute,
  type FieldErrors,
  invalid,
  malformedJson,
  Refusal,
} from './errors.ts';
import { refusals } from './formats.ts';
import { type Patience, usualPatience } from './patience.ts';
import { securityHeaders } from './security-headers.ts';
import { unstorable } from './storable.ts';
import { createTokens, type Tokens } from './tokens.ts';
import { validatorCompiler } from './validation.ts';

/** A server that takes routes with TypeBox schemas. */
export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

declare module 'fastify' {
  interface FastifyInstance {
    tokens: Tokens;
  }
  interface FastifyRequest {
    /** The body as it came, of routes whose config asks for it. */
    bodyText: string;
    /** What of the body the database cannot hold. */
    unstorable: FieldErrors | null;
  }
  interface FastifyContextConfig {
    /** Keeps the text of the body, to recognise the same request again. */
    keepsBody?: boolean;
    /** Takes files, for whose upload there is more time than for other requests. */
    longBody?: boolean;
  }
}

/** How a process is: what is wrong, in words that anybody may read. */
export type Condition = { ok: boolean; problems: string[] };

/** What the server needs to know of the rest. */
export type ServerOptions = {
  /** Where the requests of keys with a limit are counted, for all processes together. */
  db: Db;
  keys: KeySource;
  /** The sessions of the console: `sessionSource(db)` of src/users; without it no cookie counts. */
  sessions?: SessionSource;
  /** Signs the tokens: `sharedSecret(db, 'jwt')` of src/accounts. */
  signingKey: Uint8Array;
  log: FastifyBaseLogger;
  /** Whether this process is alive, asked by GET /healthz, and whether it can work, asked by GET /readyz. */
  live?: () => Promise<Condition>;
  ready?: () => Promise<Condition>;
  /** The life of a token in seconds; an hour unless given. */
  tokenLifeSeconds?: number;
  /** The largest body in bytes; 4 MiB unless given. */
  bodyLimit?: number;
  /** Shown in the documentation. */
  version?: string;
  /** Takes the client's address from X-Forwarded-For: how many proxies stand in front, or their addresses. */
  trustProxy?: number | string[];
  /** How long clients may take; the usual times unless given. */
  patience?: Patience;
};

/** 10,000 numbers with references take 0.8 MB as compact JSON and up to 2 MB when indented. */
const defaultBodyLimit = 4 * 1024 * 1024;

const defaultTokenLifeSeconds = 3600;

/** When it stops, a request in work has so long to end; a connection that never asked anything is kept no longer either. */
const closeGraceMs = 5000;

/** The server without its features: they add their routes to it, then it listens. */
export async function buildServer(options: ServerOptions): Promise<App> {
  const { headersMs, requestMs, uploadMs, idleMs, checkMs } = options.patience ?? usualPatience;
  const app: App = fastify({
    loggerInstance: options.log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: options.bodyLimit ?? defaultBodyLimit,
    requestTimeout: uploadMs,
    keepAliveTimeout: idleMs,
    http: { headersTimeout: headersMs, connectionsCheckingInterval: checkMs },
    trustProxy: trusted(options.trustProxy),
    frameworkErrors: answerError,
  }).withTypeProvider<TypeBoxTypeProvider>();

  app.setValidatorCompiler(validatorCompiler);
  // Amounts are raw JSON numbers, which only JSON.stringify itself writes without loss.
  app.setSerializerCompiler(() => JSON.stringify);
  app.setErrorHandler(answerError);
  app.setNotFoundHandler(answerUnknownRoute);
  takeJsonBodies(app);
  limitBodyTime(app, requestMs);

  app.addHook('preClose', async () => {
    setTimeout(() => app.server.closeAllConnections(), closeGraceMs).unref();
  });

  const tokens = await createTokens(options.signingKey, options.tokenLifeSeconds ?? defaultTokenLifeSeconds);
  app.decorate('tokens', tokens);
  app.decorateRequest('identity', null);
  app.decorateRequest('bodyText', '');
  app.decorateRequest('unstorable', null);
  await app.register(cookie);
  const { db, keys, sessions = async () => undefined } = options;
  app.addHook('onRequest', authentication({ db, keys, sessions, tokens }));

  await securityHeaders(app);
  await serveDocumentation(app, options.version ?? '0');
  addHealth(app, options);
  return app;
}

/** A number of proxies in the form that Fastify wants: the nearest is hop 0. */
function trusted(proxies: number | string[] | undefined) {
  return typeof proxies === 'number' ? (_: string, hop: number) => hop < proxies : (proxies ?? false);
}

/** Ends requests whose body takes too long. Node has one time for all requests, which uploads need to be long. */
function limitBodyTime(app: App, requestMs: number): void {
  app.addHook('onRequest', async ({ raw, routeOptions }, reply) => {
    if (raw.complete || routeOptions.config.longBody === true) return;
    const timer = setTimeout(() => {
      if (raw.complete || reply.sent) return;
      raw.socket.end('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n');
      raw.socket.destroySoon();
    }, requestMs);
    timer.unref();
    raw.once('close', () => clearTimeout(timer));
  });
}

/** JSON only. An empty body is none: many clients send the header with every request. */
function takeJsonBodies(app: App): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (request.routeOptions.config.keepsBody === true) request.bodyText = body as string;
    if (body === '') return done(null, undefined);
    let value: unknown;
    try {
      value = JSON.parse(body as string);
    } catch (error) {
      return done(malformedJson((error as Error).message));
    }
    request.unstorable = unstorable(body as string, value);
    done(null, value);
  });
  // After the schema, which may name other fields as well.
  app.addHook('preHandler', async ({ unstorable }) => {
    if (unstorable !== null) throw invalid(unstorable);
  });
}

// Nothing is logged here: whoever is not well has said so itself, and probes come every few seconds.
function addHealth(app: App, { live, ready }: Pick<ServerOptions, 'live' | 'ready'>): void {
  app.get(
    '/healthz',
    {
      schema: {
        operationId: 'healthz',
        tags: ['Service'],
        summary: 'Whether this process is alive; if not, restart it',
        security: [],
        response: { 200: Type.Object({ status: Type.Literal('ok') }), ...refusals(503) },
      },
    },
    async () => {
      const problems = (await live?.())?.problems ?? [];
      if (problems.length > 0) throw new Refusal(503, 'unhealthy', problems.join(' '));
      return { status: 'ok' as const };
    },
  );
  app.get(
    '/readyz',
    {
      schema: {
        operationId: 'readyz',
        tags: ['Service'],
        summary: 'Whether this process can serve now: its database answers and nothing else is wrong',
        security: [],
        response: { 200: Type.Object({ status: Type.Literal('ready') }), ...refusals(503) },
      },
    },
    async () => {
      const problems = (await ready?.())?.problems ?? [];
      if (problems.length > 0) throw new Refusal(503, 'not_ready', problems.join(' '));
      return { status: 'ready' as const };
    },
  );
}
