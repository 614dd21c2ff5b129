// A program of ours in a process of its own, for tests of what happens when it is killed. Called by end-to-end tests.
import { type ChildProcess, spawn } from 'node:child_process';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { atEnd } from './at-end.ts';
import { waitFor } from './wait-for.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

export type Child = {
  process: ChildProcess;
  /** Everything it has written so far. */
  stdout(): string;
  stderr(): string;
  /** Waits until it has written something, on either stream, and returns the match. */
  said(pattern: RegExp): Promise<RegExpExecArray>;
  /** Its exit code, or the signal that ended it. */
  ended: Promise<number | NodeJS.Signals>;
  kill(signal: NodeJS.Signals): void;
};

/** Runs `node …args` in the project folder with a clean environment; killed when the test ends. */
export function child(t: TestContext, args: string[], env: Record<string, string> = {}): Child {
  const process_ = spawn(process.execPath, args, {
    cwd: root,
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '/', LOG_LEVEL: 'info', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  process_.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  process_.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<number | NodeJS.Signals>((done, fail) => {
    process_.once('error', fail);
    process_.once('close', (code, signal) => done(code ?? signal ?? 1));
  });
  let over = false;
  ended.finally(() => {
    over = true;
  });
  atEnd(t, async () => {
    if (!over) process_.kill('SIGKILL');
    await ended;
  });
  return {
    process: process_,
    stdout: () => stdout,
    stderr: () => stderr,
    ended,
    kill: (signal) => process_.kill(signal),
    said: (pattern) =>
      waitFor(
        () => {
          const match = pattern.exec(stdout) ?? pattern.exec(stderr);
          if (!match && over) throw new Error(`it ended without saying ${pattern}:\n${stdout}${stderr}`);
          return match;
        },
        { what: `${pattern} in the output of node ${args.join(' ')}` },
      ),
  };
}
