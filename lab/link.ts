// A TCP connection that can be made to fail in every way that networks know: the laboratory puts one between each
// process and the database, and one between all processes and each operator.
import { connect, createServer, type Server, type Socket } from 'node:net';
import { Frames } from './frames.ts';

/** The two ways of a connection: `up` from the one who connected, `down` to it. */
export type Way = 'up' | 'down';

/** What happens at the next PDU of a flow. */
type AtNextPdu = (flow: Flow, chunk: Buffer, offset: number) => void;

/** One way of one connection: what comes from one socket goes to the other, unless it is held, delayed or lost. */
class Flow {
  /** Nothing is passed on; what comes waits, and then its sender does. */
  held = false;
  /** What comes is lost, without anybody being told. */
  lossy = false;
  delayMs = 0;
  atNextPdu: AtNextPdu | null = null;
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #frames: Frames | null;
  #waiting: { chunk: Buffer; due: number }[] = [];
  #timer: NodeJS.Timeout | null = null;

  constructor(from: Socket, to: Socket, framed: boolean) {
    this.#from = from;
    this.#to = to;
    this.#frames = framed ? new Frames() : null;
    from.on('data', (chunk: Buffer) => this.#take(chunk));
    to.on('drain', () => this.release());
  }

  /** Passes on what waits, as far as that is due. */
  release(): void {
    const now = performance.now();
    while (!this.held && this.#waiting.length > 0 && this.#waiting[0]!.due <= now) {
      this.write(this.#waiting.shift()!.chunk);
    }
    if (this.held) return;
    if (this.#waiting.length === 0) {
      if (!this.#to.writableNeedDrain) this.#from.resume();
      return;
    }
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.release();
    }, this.#waiting[0]!.due - now);
  }

  write(bytes: Buffer): void {
    if (!this.#to.destroyed && this.#to.writable) this.#to.write(bytes);
    if (this.#to.writableNeedDrain) this.#from.pause();
  }

  /** What waits is lost, and no timer is left. */
  close(): void {
    this.#waiting = [];
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  /** Puts octets between two PDUs: now, or when the next begins. */
  insert(bytes: Buffer): void {
    if (this.#frames?.between === true && this.#waiting.length === 0) {
      this.write(bytes);
      return;
    }
    this.atNextPdu = (flow, chunk, offset) => {
      flow.write(chunk.subarray(0, offset));
      flow.write(bytes);
      flow.write(chunk.subarray(offset));
    };
  }

  #take(chunk: Buffer): void {
    if (this.lossy) return;
    const offset = this.#frames?.follow(chunk) ?? -1;
    if (this.atNextPdu !== null && offset >= 0 && !this.held) {
      const act = this.atNextPdu;
      this.atNextPdu = null;
      act(this, chunk, offset);
      return;
    }
    if (!this.held && this.delayMs === 0 && this.#waiting.length === 0) {
      this.write(chunk);
      return;
    }
    this.#waiting.push({ chunk, due: performance.now() + this.delayMs });
    if (this.held) this.#from.pause();
    else this.release();
  }
}

/** One connection through a link. */
export class Pair {
  readonly up: Flow;
  readonly down: Flow;
  readonly #near: Socket;
  readonly #far: Socket;
  readonly #gone: (pair: Pair) => void;
  #halfOpen = false;

  constructor(near: Socket, far: Socket, framed: boolean, gone: (pair: Pair) => void) {
    this.#near = near;
    this.#far = far;
    this.#gone = gone;
    this.up = new Flow(near, far, framed);
    this.down = new Flow(far, near, framed);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.setNoDelay(true);
      one.on('error', () => {});
      one.once('close', (failed) => {
        if (near.closed && far.closed) this.#end();
        if (this.#halfOpen) return;
        if (failed) other.resetAndDestroy();
        else other.destroySoon();
      });
    }
  }

  /** Whether both ends are open, as far as they know. */
  get whole(): boolean {
    return !this.#near.destroyed && !this.#far.destroyed;
  }

  /** Resets both ends. */
  cut(): void {
    this.#halfOpen = false;
    this.#near.resetAndDestroy();
    this.#far.resetAndDestroy();
  }

  /** Closes both ends after what was written to them, as a peer does that says no word. */
  finish(): void {
    this.#near.destroySoon();
    this.#far.destroySoon();
  }

  /** One end is gone; the other is not told, and what it says is lost. */
  halfOpen(gone: 'near' | 'far'): void {
    this.#halfOpen = true;
    this.up.lossy = true;
    this.down.lossy = true;
    if (gone === 'near') this.#near.resetAndDestroy();
    else this.#far.resetAndDestroy();
    this.up.release();
    this.down.release();
  }

  #end(): void {
    this.up.close();
    this.down.close();
    this.#gone(this);
  }
}

export class Link {
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  /** While true, whoever connects is turned away. */
  refusing = false;
  /** For connections to come. */
  #held: Record<Way, boolean> = { up: false, down: false };
  #delayMs = 0;

  private constructor(target: () => number, framed: boolean) {
    this.#server = createServer((near) => {
      if (this.refusing) {
        near.on('error', () => {});
        near.resetAndDestroy();
        return;
      }
      const far = connect({ host: '127.0.0.1', port: target() });
      const pair = new Pair(near, far, framed, (gone) => this.#pairs.delete(gone));
      this.#pairs.add(pair);
      this.#apply(pair);
    });
  }

  /**
   * Listens on a port of its own and passes on to the port that `target` names at that moment.
   *
   * @param framed whether what passes are SMPP's PDUs
   */
  static async open(target: () => number, framed = false): Promise<Link> {
    const link = new Link(target, framed);
    await new Promise<void>((done) => link.#server.listen(0, '127.0.0.1', done));
    return link;
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  /** The connections of which neither end is closed. */
  get pairs(): Pair[] {
    return [...this.#pairs].filter((pair) => pair.whole);
  }

  /** Resets every connection. */
  cut(): void {
    for (const pair of this.#pairs) pair.cut();
  }

  /** Stops passing on these ways, of connections that are open and those to come, or goes on. */
  hold(ways: readonly Way[], held: boolean): void {
    for (const way of ways) this.#held[way] = held;
    for (const pair of this.#pairs) this.#apply(pair);
  }

  /** Delays every chunk, both ways. */
  slow(delayMs: number): void {
    this.#delayMs = delayMs;
    for (const pair of this.#pairs) this.#apply(pair);
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((done) => this.#server.close(() => done()));
    this.cut();
    await closed;
  }

  #apply(pair: Pair): void {
    for (const way of ['up', 'down'] as const) {
      const flow = pair[way];
      flow.held = this.#held[way];
      flow.delayMs = this.#delayMs;
      flow.release();
    }
  }
}
