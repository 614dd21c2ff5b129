// Builds the console where it was never built or its sources are newer. Run before `npm start` and `npm run demo`, so
// that a fresh clone needs no step of its own, and by the tests; a console that cannot be built stops neither.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

const folder = import.meta.dirname;
const built = join(folder, 'dist', 'index.html');

/** Builds it if needed; true when it was. Throws what Vite throws. */
export async function ensureConsole(note: (line: string) => void = () => {}): Promise<boolean> {
  const age = await stat(built).then(
    (file) => file.mtimeMs,
    () => 0,
  );
  if (age > (await newest())) return false;
  note('Building the console …');
  const { build } = await import('vite');
  await build({ configFile: join(folder, 'vite.config.ts'), logLevel: 'error' });
  return true;
}

/** When a source was last changed, in ms. */
async function newest(): Promise<number> {
  const names = ['src', 'public'].map(async (part) =>
    (await readdir(join(folder, part), { recursive: true })).map((name) => join(part, name)),
  );
  const files = [
    ...(await Promise.all(names)).flat(),
    'index.html',
    'vite.config.ts',
    '../package-lock.json',
  ];
  const times = await Promise.all(files.map(async (name) => (await stat(join(folder, name))).mtimeMs));
  return Math.max(...times);
}

if (import.meta.main) {
  try {
    await ensureConsole(console.log);
  } catch (error) {
    console.error(
      `The console could not be built (${(error as Error).message}); the API is served without it.`,
    );
  }
}
