// Running PostgreSQL's programs and reading the file in which its server tells how it is. Called by embedded.ts only.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { RunAs } from './embedded-home.ts';

/** Output kept of a program, for its error message. */
const outputLimit = 8192;
const pollMs = 20;

/** Runs a program to its end as that user and returns its exit code and what it said. */
export function run(program: string, args: string[], as: RunAs): Promise<{ code: number; output: string }> {
  return new Promise((done) => {
    const ids = as ? { uid: as.uid, gid: as.gid } : {};
    const child = spawn(program, args, {
      ...ids,
      // Our own folder may be closed to that user, and a message in another language helps nobody who searches it.
      cwd: '/',
      env: { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', 'pipe', 'pipe'],
      // Ctrl-C in a terminal goes to the whole group; the database must outlive the engine.
      detached: true,
    });
    let output = '';
    const gather = (chunk: Buffer) => {
      output = (output + chunk).slice(-outputLimit);
    };
    child.stdout.on('data', gather);
    child.stderr.on('data', gather);
    child.once('error', (error) => done({ code: -1, output: error.message }));
    // Not 'close': the server that pg_ctl leaves behind must not keep us waiting for its pipes.
    child.once('exit', (code) => done({ code: code ?? -1, output }));
  });
}

/** The last lines of what a program said, in one line. */
export function lastLines(text: string, count = 4): string {
  return text.trim().split('\n').slice(-count).join(' | ');
}

/** What postmaster.pid says: line 1 the process, line 4 its port, line 8 its state. */
export type PostmasterFile = {
  pid: number;
  port: number;
  state: 'starting' | 'ready' | 'stopping';
  alive: boolean;
};

/** Reads postmaster.pid; undefined when there is none. */
export function readPostmasterFile(path: string): PostmasterFile | undefined {
  let lines: string[];
  try {
    lines = readFileSync(path, 'utf8').split('\n');
  } catch {
    return undefined;
  }
  const pid = Number(lines[0]);
  const word = lines[7]?.trim();
  const state = word === 'ready' ? 'ready' : word === 'stopping' ? 'stopping' : 'starting';
  return { pid, port: Number(lines[3]), state, alive: isPostgres(pid) };
}

/** True when a process of that number lives and is PostgreSQL, not a stranger that got the number since. */
function isPostgres(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('postgres');
  } catch {
    const { status, stdout } = spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
    return status === 0 ? stdout.includes('postgres') : true;
  }
}

/** Waits until `condition` no longer holds, or the time is over. */
export async function waitWhile(condition: () => boolean, timeoutMs: number): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (condition() && Date.now() < end) await new Promise((done) => setTimeout(done, pollMs));
}
