// What the HTTP fuzz sends and how an operation is described. Shared by the files http-*.ts.

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** A JSON schema of the OpenAPI document. */
export type Schema = {
  type?: string;
  enum?: Json[];
  const?: Json;
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  pattern?: string;
  examples?: Json[];
};

export type Operation = {
  id: string;
  method: string;
  /** With its places, as `/api/campaigns/{id}`. */
  path: string;
  parameters: { name: string; in: string; schema: Schema }[];
  body: { type: string; schema: Schema } | undefined;
};

/** Whose key a request comes with. */
export type Caller = 'customer' | 'admin' | 'nobody';

/** A request as it is made up, before it is written down. */
export type Request = {
  params: Record<string, string>;
  query: [name: string, value: string][];
  /** Undefined: none. A string of a body that is not JSON. */
  body: Json | undefined;
  headers: Record<string, string>;
};

/** A request as it is sent. */
export type Sent = {
  method: string;
  url: string;
  headers: Record<string, string>;
  payload: Buffer | undefined;
};

type Document = {
  paths: Record<
    string,
    Record<
      string,
      {
        operationId: string;
        parameters?: Operation['parameters'];
        requestBody?: { content: Record<string, { schema: Schema }> };
      }
    >
  >;
};

/** Every operation of an OpenAPI document. */
export function operationsOf(document: unknown): Operation[] {
  return Object.entries((document as Document).paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId, parameters = [], requestBody }]) => {
      const [content] = Object.entries(requestBody?.content ?? {});
      return {
        ...{ id: operationId, method: method.toUpperCase(), path, parameters },
        body: content === undefined ? undefined : { type: content[0], schema: content[1].schema },
      };
    }),
  );
}

/** Writes a request down. What its body is sent as stands in its headers, or else follows from the operation. */
export function written(operation: Operation, request: Request): Sent {
  const { method, path, body } = operation;
  const url = path.replace(/\{(\w+)\}/g, (_, name: string) => request.params[name] ?? '');
  const query = request.query.map(([name, value]) => `${name}=${value}`).join('&');
  const headers = { ...(body === undefined ? {} : { 'content-type': body.type }), ...request.headers };
  const text = typeof request.body === 'string' && body?.type !== 'application/json';
  return {
    ...{ method, url: query === '' ? url : `${url}?${query}`, headers },
    payload:
      request.body === undefined
        ? undefined
        : Buffer.from(text ? (request.body as string) : JSON.stringify(request.body)),
  };
}
