// The log of a process: one JSON object per line on stderr, or lines for people when that is a terminal. Standard
// output is left to results. Made once by the command line.
import { type Logger, pino } from 'pino';
import pretty from 'pino-pretty';
import type { LogLevel } from './config.ts';

export type { Logger } from 'pino';

const stderr = 2;

/** A logger of that level. */
export function createLog(level: LogLevel): Logger {
  if (process.stderr.isTTY) {
    return pino(
      { level },
      pretty({ destination: stderr, sync: true, ignore: 'pid,hostname', translateTime: 'HH:MM:ss' }),
    );
  }
  return pino({ level }, pino.destination({ dest: stderr, sync: true }));
}
