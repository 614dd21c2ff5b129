// Proves that the generated OpenAPI document covers the One-API's operations, and that its page works offline.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { testApi } from './support/api.ts';

type Operation = { method: string; path: string; parameters?: Record<string, object>; body?: Schema };
type Schema = { properties?: Record<string, object>; required?: string[] };
type Parameter = { name: string; in: string; schema: object; required?: boolean };
type Documented = {
  operationId: string;
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: Schema }> };
};

const published = JSON.parse(await readFile(new URL('http-one-api.json', import.meta.url), 'utf8')) as Record<
  string,
  Operation
>;

/** Parameters of Carillon's own. */
const extensions: Record<string, string[]> = {
  get_messages: ['filter[status]', 'filter[phone]'],
  stat_jobs_list: ['page[limit]', 'page[offset]'],
  stat_jobs_show: ['download'],
};

test('every published operation is documented with its parameters and body', async (t) => {
  const { app } = await testApi(t);
  const response = await app.inject('/docs/json');
  const document = response.json() as { paths: Record<string, Record<string, Documented>> };
  for (const [operationId, operation] of Object.entries(published)) {
    const documented = document.paths[operation.path]?.[operation.method.toLowerCase()];
    assert.equal(documented?.operationId, operationId);
    // Headers are extensions of ours.
    const parameters = (documented?.parameters ?? []).filter((parameter) => parameter.in !== 'header');
    const names = parameters.map((parameter) => parameter.name);
    assert.deepEqual(
      names.sort(),
      [...Object.keys(operation.parameters ?? {}), ...(extensions[operationId] ?? [])].sort(),
      operationId,
    );
    if (operation.body !== undefined) {
      const schema = documented?.requestBody?.content['application/json']?.schema;
      const missing = Object.keys(operation.body.properties ?? {}).filter(
        (name) => !schema?.properties?.[name],
      );
      assert.deepEqual(missing, [], operationId);
      assert.deepEqual(schema?.required?.toSorted(), operation.body.required?.toSorted(), operationId);
    }
  }
});

test('the documentation page and all it loads come from this server', async (t) => {
  const { app } = await testApi(t);
  const page = await app.inject('/docs/');
  assert.equal(page.statusCode, 200);
  const links = [...page.payload.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link!);
  assert.ok(links.length > 3);
  for (const link of links) {
    assert.ok(!/^(https?:)?\/\//.test(link), link);
    const { statusCode } = await app.inject(new URL(link, 'http://carillon/docs/').pathname);
    assert.equal(statusCode, 200, link);
  }
});
