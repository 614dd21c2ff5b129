// The log of a process: one JSON object per line on stderr, or lines for people when that is a terminal. Standard
// output is left to results. Made once by the command line.
//
// What is logged names campaigns, batches and operators, and no phone number, text or secret. Should one get into a line
// all the same, in the words of a database error for example, mask.ts takes it out before the line is written.
import { type Logger, pino } from 'pino';
import pretty from 'pino-pretty';
import type { LogLevel } from './config.ts';
import { maskLine, secretPaths } from './mask.ts';

export type { Logger } from 'pino';

const stderr = 2;

/** A logger of that level; `to` is for tests. */
export function createLog(level: LogLevel, to?: { write(line: string): void }): Logger {
  const options = {
    level,
    redact: { paths: [...secretPaths], censor: '•••' },
    hooks: { streamWrite: maskLine },
  };
  if (to !== undefined) return pino(options, to);
  if (process.stderr.isTTY) {
    return pino(
      options,
      pretty({ destination: stderr, sync: true, ignore: 'pid,hostname', translateTime: 'HH:MM:ss' }),
    );
  }
  return pino(options, pino.destination({ dest: stderr, sync: true }));
}
