// The answers that are not a success: declared by features as refusals, turned into One-API bodies here by the
// server's error handler.

import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';

/** Every wrong field by its dotted path (`phones.3.number`), each with what would be right. */
export type FieldErrors = Record<string, string[]>;

/**
 * A request that is refused: a stable code for programs, a message that says what would be right, the HTTP status,
 * and for invalid data the fields.
 */
export class Refusal extends Error {
  readonly code: string;
  readonly statusCode: number;
  readonly errors: FieldErrors | undefined;
  /** Seconds after which a retry may succeed, for the header Retry-After. */
  retryAfter: number | undefined;

  constructor(statusCode: number, code: string, message: string, errors?: FieldErrors) {
    super(message);
    this.name = 'Refusal';
    this.statusCode = statusCode;
    this.code = code;
    this.errors = errors;
  }
}

/** 422: the data is wrong in the named fields. */
export function invalid(errors: FieldErrors): Refusal {
  return new Refusal(422, 'invalid_data', 'The given data was invalid.', errors);
}

/** 404: it does not exist, or belongs to another account, which must look the same. */
export function notFound(what = 'resource'): Refusal {
  return new Refusal(404, 'not_found', `There is no such ${what}.`);
}

/** 401: no valid key or token came with the request. */
export function unauthenticated(message: string): Refusal {
  return new Refusal(401, 'unauthenticated', message);
}

/** 403: the key is valid, but may not do this. */
export function missingScope(scope: string): Refusal {
  return new Refusal(403, 'missing_scope', `This API key lacks the scope '${scope}': use a key that has it.`);
}

/** 403: the user is signed in, but the role may not do this. */
export function missingPermission(scope: string): Refusal {
  return new Refusal(
    403,
    'missing_permission',
    `Your role may not do this: it needs the permission '${scope}'.`,
  );
}

/** 403: the user has to change the password before anything else. */
export function passwordFirst(): Refusal {
  return new Refusal(403, 'password_change_required', 'Change your password first.');
}

/** 403: a request with the console's cookie that another site may have made the browser send. */
export function forged(message: string): Refusal {
  return new Refusal(403, 'forged', message);
}

/** 403: the key is valid, but not here. */
export function wrongAddress(address: string): Refusal {
  return new Refusal(
    403,
    'wrong_address',
    `This API key may not be used from ${address}: add the address to its list, or use another key.`,
  );
}

/** 429: too many requests of a kind; seconds after which one may succeed. */
export function tooMany(code: string, message: string, retryAfter: number): Refusal {
  const refusal = new Refusal(429, code, message);
  refusal.retryAfter = retryAfter;
  return refusal;
}

/** 400: the body is not JSON. */
export function malformedJson(reason: string): Refusal {
  return new Refusal(400, 'malformed_json', `The request body is not valid JSON: ${reason}.`);
}

/** The body of every error answer. */
type ErrorBody = { message: string; errors?: FieldErrors };

/** SQLSTATEs and socket errors that mean "the database is away for now", so that the client should try again. */
const unavailable = /^(08...|57P0[123]|53300|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT)$/;

/** The same in the words of the driver, which gives its own errors no code. */
const unavailableWords =
  /^(timeout exceeded when trying|Connection terminated|Client (has encountered a connection error|was closed))/;

/** How long a client should wait when the database is away: it comes back within seconds or needs a person. */
const retryAfterSeconds = '5';

/** Fastify's error handler: refusals as declared, its own errors in words that help, anything else logged as ours. */
export function answerError(
  error: FastifyError | Refusal,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const body: ErrorBody = { message: error.message };
  let status = error.statusCode ?? 500;
  if (error instanceof Refusal) {
    if (error.errors !== undefined) body.errors = error.errors;
    if (error.retryAfter !== undefined) reply.header('retry-after', String(error.retryAfter));
    if (status === 401) reply.header('www-authenticate', 'Bearer');
  } else if (status === 413) {
    const limit = request.routeOptions.bodyLimit ?? request.server.initialConfig.bodyLimit;
    body.message = `The request body is larger than ${limit} bytes: send fewer numbers a request.`;
  } else if (status === 415) {
    body.message = 'The request body must be JSON: send it with the header Content-Type: application/json.';
  } else if (unavailable.test(error.code ?? '') || unavailableWords.test(error.message)) {
    status = 503;
    reply.header('retry-after', retryAfterSeconds);
    body.message = 'The database cannot be reached at the moment: try again in a few seconds.';
    request.log.error({ err: error, route: request.routeOptions.url }, 'the database cannot be reached');
  } else if (status >= 500) {
    body.message = `An error of the server: its log has the details under request ${request.id}.`;
    // Not its path: that may hold phone numbers.
    const { method, routeOptions } = request;
    request.log.error({ err: error, method, route: routeOptions.url }, 'a request failed');
  }
  reply.code(status).send(body);
}

/** Fastify's handler of unknown routes. */
export function answerUnknownRoute(request: FastifyRequest, reply: FastifyReply): void {
  const path = request.url.split('?', 1)[0];
  reply.code(404).send({ message: `There is no ${request.method} ${path}: /docs lists every operation.` });
}
