// Who runs the embedded PostgreSQL and where its files lie. PostgreSQL refuses to run as root, so root hands it to
// an unprivileged user, who must be able to reach the files. Called by embedded.ts only.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chownSync, mkdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { DatabaseFailure } from './failure.ts';

/** The user that runs PostgreSQL; undefined means ourselves. */
export type RunAs = { uid: number; gid: number; name: string } | undefined;

/** Where things go when the data folder or the binaries cannot be reached by that user. */
const sharedFolder = '/var/lib/carillon';
/** In order of preference; the second exists everywhere. */
const unprivilegedUsers = ['postgres', 'nobody'];

/**
 * Ourselves, unless we are root: then the owner of the database that is there already, else the user `postgres`,
 * or `nobody` where there is none.
 */
export function runAs(dataDir: string): RunAs {
  if (process.getuid?.() !== 0) return undefined;
  const existing = statSync(join(dataDir, 'postgres'), { throwIfNoEntry: false });
  if (existing && existing.uid !== 0)
    return { uid: existing.uid, gid: existing.gid, name: `#${existing.uid}` };
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of unprivilegedUsers) {
    const fields = lines.find((line) => line.startsWith(`${name}:`))?.split(':');
    if (fields) return { uid: Number(fields[2]), gid: Number(fields[3]), name };
  }
  throw new DatabaseFailure(
    'embedded_unavailable',
    'PostgreSQL must not run as root, and this system has neither a user "postgres" nor "nobody": ' +
      'start Carillon as an ordinary user, or set DATABASE_URL to a PostgreSQL server',
  );
}

/** True when that user can enter the folder; asked of the system itself, since modes alone do not tell. */
export function canEnter(folder: string, user: RunAs): boolean {
  if (user === undefined) return true;
  const { uid, gid } = user;
  return spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { uid, gid, cwd: '/' }).status === 0;
}

/** Makes a folder that only that user (and root) can read, inside one that everybody may pass. */
export function makePrivateFolder(path: string, user: RunAs): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  if (user) chownSync(path, user.uid, user.gid);
}

/**
 * The folder of the embedded server that belongs to a data folder: `<dataDir>/postgres`, or a folder below
 * /var/lib/carillon named after the data folder when the user that runs PostgreSQL cannot get there.
 */
export function homeOf(dataDir: string, user: RunAs): { home: string; moved: boolean } {
  mkdirSync(dataDir, { recursive: true });
  const real = realpathSync(resolve(dataDir));
  const home = join(real, 'postgres');
  if (canEnter(real, user)) return { home, moved: false };
  const name = `${basename(real)}-${createHash('sha256').update(real).digest('hex').slice(0, 12)}`;
  return { home: join(makeShared(name), 'postgres'), moved: true };
}

/** A folder below /var/lib/carillon which everybody may pass. */
export function makeShared(name: string): string {
  const path = join(sharedFolder, name);
  mkdirSync(path, { recursive: true, mode: 0o755 });
  for (const folder of [dirname(path), path]) {
    if ((statSync(folder).mode & 0o001) === 0) {
      throw new DatabaseFailure(
        'embedded_unavailable',
        `${folder} cannot be entered by other users: run chmod a+x ${folder}, start Carillon as an ordinary user, ` +
          'or set DATABASE_URL to a PostgreSQL server',
      );
    }
  }
  return path;
}
