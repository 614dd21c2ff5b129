// The processes of a benchmark and what they cost: CPU seconds and peak memory, as /proc tells them.

import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
/** Of the unit in which /proc counts CPU time; it is 100 on every Linux that Node runs on. */
const ticksPerSecond = 100;
/** How long a process may take to say that it is ready, and to end. */
const readyTimeoutMs = 180_000;
const endTimeoutMs = 120_000;

export type Running = {
  pid: number;
  /** The first match in its standard output. */
  said: RegExpExecArray;
  /** Asks it to stop, and waits for its end. */
  stop(): Promise<void>;
};

/**
 * Runs `node …args` in the project folder, and waits until it has said something.
 * Throws with its output when it ends before, or says nothing in time.
 */
export async function startProcess(
  args: string[],
  env: Record<string, string>,
  ready: RegExp,
): Promise<Running> {
  const child: ChildProcess = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const said = await new Promise<RegExpExecArray>((resolve, reject) => {
    const timer = setTimeout(() => fail('said nothing in time'), readyTimeoutMs);
    const fail = (why: string) => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      reject(new Error(`node ${args.join(' ')} ${why}:\n${output}`));
    };
    const hear = (chunk: Buffer) => {
      output += chunk;
      const match = ready.exec(output);
      if (match === null) return;
      clearTimeout(timer);
      resolve(match);
    };
    child.stdout!.on('data', hear);
    child.stderr!.on('data', hear);
    child.once('exit', (code) => fail(`ended with ${code}`));
  });
  child.removeAllListeners('exit');
  // From here on its output is shown where it warns, and dropped otherwise.
  child.stderr!.removeAllListeners('data').on('data', (chunk: Buffer) => {
    for (const line of String(chunk).split('\n'))
      if (/"level":[456]0/.test(line)) process.stderr.write(`${line}\n`);
  });
  child.stdout!.removeAllListeners('data').resume();
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    pid: child.pid!,
    said,
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), endTimeoutMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** CPU seconds that a process has used, user and system. */
export function cpuSeconds(pid: number): number {
  const fields = statFields(pid);
  return fields === undefined ? 0 : (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** CPU seconds of a PostgreSQL server: of its postmaster, its present processes and those that have ended. */
export function postgresCpuSeconds(postmaster: number): number {
  const own = statFields(postmaster);
  if (own === undefined) return 0;
  let ticks = [11, 12, 13, 14].reduce((sum, i) => sum + Number(own[i]), 0);
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const fields = statFields(Number(name));
    if (fields !== undefined && Number(fields[1]) === postmaster)
      ticks += Number(fields[11]) + Number(fields[12]);
  }
  return ticks / ticksPerSecond;
}

/** The most memory that a process has had resident, in MB. */
export function peakRssMb(pid: number): number {
  return memoryMb(pid, 'VmHWM');
}

/** The memory that a process has resident now, in MB. */
export function rssMb(pid: number): number {
  return memoryMb(pid, 'VmRSS');
}

function memoryMb(pid: number, field: string): number {
  const line = new RegExp(`${field}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return line === null ? 0 : Math.round(Number(line[1]) / 1024);
}

/** The parent of a process. */
export function parentOf(pid: number): number {
  return Number(statFields(pid)?.[1] ?? 0);
}

// The fields of /proc/PID/stat after the command, which may itself hold spaces: state is 0, utime 11, stime 12.
function statFields(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}
