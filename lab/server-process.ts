// A serving process as a supervisor such as systemd keeps it: started again whenever it has ended. The laboratory
// kills it, suspends it and moves its clock.
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
/** Before an ended process is started again. */
const restartMs = 200;
/** How long a process may take to say that it serves, and to stop when told to: generous, for busy machines. */
const readyMs = 120_000;
const stopMs = 60_000;
/** Of its log, so much is kept. */
const logLimit = 4_000_000;

export class ServerProcess {
  readonly name: string;
  /** Where its API answers; undefined while it does not. */
  url: string | undefined;
  /** What it did that no process may do: ended by itself after it was ready, or did not stop cleanly. */
  readonly misdeeds: string[] = [];
  readonly #env: Record<string, string>;
  #child: ChildProcess | null = null;
  #ended: Promise<void> = Promise.resolve();
  #log = '';
  /** We ended it, so its end is no news. */
  #expected = false;
  #closing = false;
  #restart: NodeJS.Timeout | null = null;

  constructor(name: string, env: Record<string, string>) {
    this.name = name;
    this.#env = env;
  }

  get log(): string {
    return this.#log;
  }

  /** Ready to work, as far as is known: it may be suspended. */
  get serves(): boolean {
    return this.url !== undefined;
  }

  start(): void {
    this.#restart = null;
    if (this.#closing) return;
    this.#expected = false;
    const child = spawn(
      process.execPath,
      ['--import', './lab/moved-clock.ts', 'src/main.ts', 'serve', '--json'],
      {
        cwd: root,
        env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '/', ...this.#env },
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      },
    );
    this.#child = child;
    this.#note(`started as ${child.pid}`);
    let output = '';
    child.stdout!.on('data', (chunk: Buffer) => {
      this.#keep(String(chunk));
      if (this.url !== undefined) return;
      output += chunk;
      this.url = /"url":"(http:[^"]+)"/.exec(output)?.[1];
    });
    child.stderr!.on('data', (chunk: Buffer) => this.#keep(String(chunk)));
    const tooLate = setTimeout(() => {
      if (this.#child === child && this.url === undefined) this.#misdeed('was not ready in time');
    }, readyMs);
    this.#ended = new Promise((done) => {
      child.once('error', () => {});
      child.once('close', (code, signal) => {
        clearTimeout(tooLate);
        this.#note(`ended with ${code ?? signal}`);
        if (this.url !== undefined && !this.#expected)
          this.#misdeed(`ended by itself with ${code ?? signal}`);
        this.url = undefined;
        this.#child = null;
        if (!this.#closing) this.#restart = setTimeout(() => this.start(), restartMs);
        done();
      });
    });
  }

  /** SIGKILL: it ends at once, wherever it is. */
  kill(): boolean {
    if (this.#child === null) return false;
    this.#expected = true;
    return this.#child.kill('SIGKILL');
  }

  /** SIGSTOP and SIGCONT: it stands still, as on an overloaded machine or one that is moved. */
  suspend(): boolean {
    this.#note('suspended');
    return this.#child?.kill('SIGSTOP') ?? false;
  }

  resume(): void {
    this.#note('resumed');
    this.#child?.kill('SIGCONT');
  }

  /** SIGTERM: it stops cleanly and is started again. False where it does not serve, or is stopping already. */
  terminate(): boolean {
    const child = this.#child;
    if (child === null || this.url === undefined || this.#expected) return false;
    this.#note('told to stop');
    this.#expected = true;
    child.once('close', (code, signal) => {
      if (code !== 0 && signal !== 'SIGKILL') this.#misdeed(`stopped with ${code ?? signal} instead of 0`);
    });
    return child.kill('SIGTERM');
  }

  /** Moves its wall clock, until it ends. */
  moveClock(movedMs: number): boolean {
    const child = this.#child;
    if (child === null || !child.connected) return false;
    this.#note(`clock moved by ${movedMs} ms`);
    child.send({ movedMs }, () => {});
    return true;
  }

  /** Stops it cleanly for good; where that takes too long it is killed, which is a misdeed. */
  async stop(): Promise<void> {
    this.#closing = true;
    if (this.#restart !== null) clearTimeout(this.#restart);
    const child = this.#child;
    if (child === null) return;
    this.resume();
    // One that has not begun to serve may die; one that is stopping already is waited for.
    if (!this.terminate() && this.url === undefined) this.kill();
    const timer = setTimeout(() => {
      this.#misdeed('did not stop in time');
      this.kill();
    }, stopMs);
    await this.#ended;
    clearTimeout(timer);
  }

  /** Ends it for good, at once. */
  async end(): Promise<void> {
    this.#closing = true;
    if (this.#restart !== null) clearTimeout(this.#restart);
    this.kill();
    await this.#ended;
  }

  #misdeed(what: string): void {
    this.misdeeds.push(`process ${this.name} ${what}`);
    this.#note(`misdeed: ${what}`);
  }

  #note(what: string): void {
    this.#keep(`-- ${new Date().toISOString()} ${this.name} ${what}\n`);
  }

  #keep(text: string): void {
    this.#log = (this.#log + text).slice(-logLimit);
  }
}
