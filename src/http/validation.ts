// Checks requests against their TypeBox schemas, for Fastify. Query strings are read into the types their schema
// names; every wrong field is named at once, in words that say what would be right.

import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { type FieldErrors, invalid, notFound } from './errors.ts';

type SchemaError = { keyword: string; instancePath: string; params: object; message: string };

/** Fastify's validator compiler: 422 for bodies and query strings, 404 for a path that cannot name anything. */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const validator = Compile(schema);
  const properties = (schema as { properties?: Record<string, ParameterSchema> }).properties ?? {};
  return (input) => {
    const value = httpPart === 'body' ? input : readParameters(input as Record<string, unknown>, properties);
    if (validator.Check(value)) return { value };
    if (httpPart === 'params') return { error: notFound() };
    return { error: invalid(fieldErrors(validator.Errors(value) as SchemaError[])) };
  };
};

/** For routes whose body is checked by their feature: the schema only documents it. */
export const documentedOnly: FastifySchemaCompiler<TSchema> = () => (value) => ({ value });

type ParameterSchema = { type?: string; default?: unknown; items?: ParameterSchema };

/** Turns the strings of a query or path into what the schema expects; an empty one counts as absent. */
function readParameters(
  input: Record<string, unknown>,
  properties: Record<string, ParameterSchema>,
): Record<string, unknown> {
  const read: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(properties)) {
    const text = input[name];
    if (typeof text === 'string' && text.includes('\0')) {
      // No text of ours contains U+0000, and PostgreSQL takes none: let the schema refuse it.
      read[name] = null;
    } else if (text === undefined || text === '') {
      if (schema.default !== undefined) read[name] = schema.default;
    } else if (schema.type === 'array') {
      // One that comes once is a list of one.
      read[name] = [text].flat().map((item) => readNumber(item, schema.items));
    } else {
      read[name] = readNumber(text, schema);
    }
  }
  return read;
}

/** A text that the schema wants as a number; anything else as it is. */
function readNumber(text: unknown, schema?: ParameterSchema): unknown {
  const wanted = schema?.type === 'integer' && typeof text === 'string' && /^-?[0-9]{1,15}$/.test(text);
  return wanted ? Number(text) : text;
}

function fieldErrors(errors: SchemaError[]): FieldErrors {
  const fields: FieldErrors = Object.create(null); // a field may be called __proto__
  for (const error of errors) {
    const path = error.instancePath.slice(1).replaceAll('/', '.');
    const params = error.params as Record<string, unknown>;
    if (error.keyword === 'required') {
      for (const name of params.requiredProperties as string[]) {
        fields[path === '' ? name : `${path}.${name}`] = ['This field is required.'];
      }
    } else if (error.keyword === 'additionalProperties') {
      for (const name of params.additionalProperties as string[]) {
        fields[path === '' ? name : `${path}.${name}`] = [noSuchField];
      }
    } else if (error.keyword === 'boolean') {
      // What stands where nothing may: said by additionalProperties as well.
      fields[path] = [noSuchField];
    } else {
      fields[path === '' ? 'body' : path] ??= [sentence(error.keyword, params, error.message)];
    }
  }
  return fields;
}

const noSuchField = 'There is no such field: /docs lists those that there are.';

const typeWords: Record<string, string> = {
  integer: 'an integer',
  number: 'a number',
  string: 'a string',
  boolean: 'true or false',
  array: 'an array',
  object: 'a JSON object',
};

function sentence(keyword: string, params: Record<string, unknown>, otherwise: string): string {
  switch (keyword) {
    case 'type':
      return `This must be ${typeWords[String(params.type)] ?? String(params.type)}.`;
    case 'minimum':
      return `This must be at least ${params.limit}.`;
    case 'maximum':
      return `This must be at most ${params.limit}.`;
    case 'minLength':
      return `This must have at least ${params.limit} characters.`;
    case 'maxLength':
      return `This must have at most ${params.limit} characters.`;
    case 'enum':
      return `This must be one of: ${(params.allowedValues as unknown[]).join(', ')}.`;
    default:
      return `This ${otherwise}.`;
  }
}
