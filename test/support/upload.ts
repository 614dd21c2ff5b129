// Uploads of files as any client makes them, and the imports that come of them. Used by tests of imports.
import { type Answer, call, type TestCarillon } from './carillon.ts';
import { waitFor } from './wait-for.ts';

type Server = Pick<TestCarillon, 'url' | 'liveKey'>;

/** Sends a form with a file. */
export async function upload(
  { url, liveKey }: Server,
  path: string,
  fields: Record<string, string>,
  file: Buffer | string,
  { name = 'list.csv', headers = {} }: { name?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.append(field, value);
  form.append('file', new Blob([new Uint8Array(Buffer.from(file))]), name);
  const response = await fetch(new URL(path, url), {
    method: 'POST',
    headers: { 'x-api-key': liveKey, ...headers },
    body: form,
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text) };
}

/** An import as its author sees it. */
// biome-ignore lint/suspicious/noExplicitAny: tests read what they are about
export async function importOf({ url, liveKey }: Server, id: number): Promise<any> {
  return (await call(url, 'GET', `/api/imports/${id}`, undefined, liveKey)).body.data;
}

/** Waits for the end of an import, and gives it. */
export function importEnded(server: Server, id: number) {
  return waitFor(
    async () => {
      const now = await importOf(server, id);
      return ['done', 'failed', 'cancelled'].includes(now.state) ? now : undefined;
    },
    { what: `the end of import ${id}` },
  );
}
