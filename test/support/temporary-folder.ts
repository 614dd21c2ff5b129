// A folder of its own for a test that needs files, removed afterwards.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { atEnd } from './at-end.ts';

/** A new folder that every user may enter: as root, PostgreSQL runs as somebody else. */
export async function temporaryFolder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'carillon-'));
  await chmod(path, 0o755);
  atEnd(t, () => rm(path, { recursive: true, force: true }));
  return path;
}
