// What both ends of an SMPP session share: the socket, its stream of PDUs in and its batched writes out, the window of
// unanswered requests, keep-alive, dead-lines and the end. client.ts and server.ts each put their PDUs on top.

import type { Socket } from 'node:net';
import { Command, Esme, responseBit } from './constants.ts';
import { writeHeaderOnly } from './encode.ts';
import { LinkError, StreamError } from './errors.ts';
import { Outbox } from './outbox.ts';
import { type PduSink, readInt32, Splitter } from './splitter.ts';
import { Window } from './window.ts';

export type SessionState = 'connecting' | 'binding' | 'bound' | 'unbinding' | 'closed';

/** One side's own part. `pdu` is called for each PDU, the others at most once per chunk, tick or connection. */
export interface Protocol<T> extends PduSink {
  chunk(): void;
  drained(): void;
  timedOut(tokens: T[]): void;
  closed(error: Error | null, unanswered: T[]): void;
}

/** Times in milliseconds; they are kept to about a tenth of the shortest. */
export interface ConnectionOptions {
  windowSize: number;
  /** After this long without a response a request is given up; 0 waits for ever. */
  responseTimeoutMs: number;
  /** After this long without a word from the peer it is asked by enquire_link. */
  enquireLinkMs: number;
  /** How long the peer may leave an enquire_link unanswered before it counts as dead. */
  enquireLinkTimeoutMs: number;
  /** Whether reading stops while the peer does not read: right for a server only, or two would wait forever. */
  pauseReading: boolean;
}

/** A peer that asks and asks but never reads its answers is not read any more beyond this many octets; a client, which
 * must not stop reading, leaves it. An honest operator that stands still cannot reach it: it does not ask then. */
const maxUnsent = 16 * 1024 * 1024;

/** How long an unbind may stay unanswered, and a peer may keep a connection open that we have ended. */
const goodbyeMs = 5_000;

/** The one timer of a session fires at least and at most this often. */
const shortestTickMs = 5;
const longestTickMs = 1_000;

export class Connection<T> {
  readonly window: Window<T>;
  readonly out = new Outbox();
  state: SessionState = 'connecting';
  /** Responses that belonged to no request of ours: late, repeated or invented. */
  ignored = 0;
  readonly #socket: Socket;
  readonly #protocol: Protocol<T>;
  readonly #splitter = new Splitter();
  readonly #pauseReading: boolean;
  readonly #tickMs: number;
  readonly #responseTicks: number;
  readonly #enquireTicks: number;
  readonly #enquireTimeoutTicks: number;
  readonly #timer: NodeJS.Timeout;
  readonly #flush = () => this.flush();
  #scheduled = false;
  #now = 0;
  #heardAt = 0;
  #askedAt = -1;
  #deadline: { tick: number; error: Error | null } | null = null;
  #error: Error | null = null;
  #unbound: (() => void)[] = [];

  constructor(socket: Socket, protocol: Protocol<T>, options: ConnectionOptions) {
    this.#socket = socket;
    this.#protocol = protocol;
    this.#pauseReading = options.pauseReading;
    this.window = new Window<T>(options.windowSize);
    const shortest = Math.min(
      options.responseTimeoutMs || Number.POSITIVE_INFINITY,
      options.enquireLinkMs,
      options.enquireLinkTimeoutMs,
    );
    this.#tickMs = Math.min(longestTickMs, Math.max(shortestTickMs, shortest / 10));
    this.#responseTicks = this.#ticks(options.responseTimeoutMs);
    this.#enquireTicks = this.#ticks(options.enquireLinkMs);
    this.#enquireTimeoutTicks = this.#ticks(options.enquireLinkTimeoutMs);
    this.#timer = setInterval(() => this.#tick(), this.#tickMs);
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('drain', () => this.#drained());
    socket.on('end', () => this.#ended());
    socket.on('error', (error) => this.destroy(error));
    socket.once('close', () => this.#closed());
  }

  /** Whether more should wait until the socket has taken what it has. */
  get full(): boolean {
    return this.#socket.writableNeedDrain;
  }

  /** Lets everything that is written in this turn of the event loop leave in one write at its end. */
  schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(this.#flush);
  }

  /** Writes what waits now. */
  flush(): void {
    this.#scheduled = false;
    const bytes = this.out.take();
    if (bytes === null || this.#socket.destroyed || !this.#socket.writable) return;
    this.#socket.write(bytes);
    if (this.#socket.writableLength <= maxUnsent) return;
    if (this.#pauseReading) this.#socket.pause();
    else this.destroy(new LinkError('the peer does not read what it is sent'));
  }

  /** Ends the connection with `error` unless `clearDeadline` or another deadline comes within `ms`. */
  setDeadline(ms: number, error: Error | null): void {
    this.#deadline = { tick: this.#now + this.#ticks(ms), error };
  }

  clearDeadline(): void {
    this.#deadline = null;
  }

  /** PDUs that mean the same on both sides: keep-alive, unbind, and everything that nobody asked for. */
  common(bytes: Buffer, start: number): void {
    const command = readInt32(bytes, start + 4);
    const sequence = readInt32(bytes, start + 12);
    if (command === Command.enquireLink) {
      this.#answer(Command.enquireLinkResp, Esme.ESME_ROK, sequence);
    } else if (command === Command.unbind) {
      this.#answer(Command.unbindResp, Esme.ESME_ROK, sequence);
      this.end();
    } else if (command === Command.unbindResp && this.state === 'unbinding') {
      this.end();
    } else if ((command & responseBit) !== 0) {
      if (command !== Command.enquireLinkResp) this.ignored++;
    } else if (command !== Command.outbind && command !== Command.alertNotification) {
      this.#answer(Command.genericNack, Esme.ESME_RINVCMDID, sequence);
    }
  }

  /** Says goodbye by unbind; resolves when the connection is closed, whether or not the peer answered in time. */
  unbind(): Promise<void> {
    if (this.state === 'closed' && this.#socket.closed) return Promise.resolve();
    return new Promise((resolve) => {
      this.#unbound.push(resolve);
      if (this.state === 'bound') {
        this.state = 'unbinding';
        this.#answer(Command.unbind, Esme.ESME_ROK, this.window.nextSequence());
        this.flush();
        this.setDeadline(goodbyeMs, null);
      } else if (this.state !== 'unbinding') {
        this.destroy(null);
      }
    });
  }

  /** Sends what waits and then closes; the peer may still read it. */
  end(): void {
    this.flush();
    this.state = 'closed';
    this.#socket.end();
    this.setDeadline(goodbyeMs, null);
  }

  /** Closes at once. The first error is the one that `closed` gets. */
  destroy(error: Error | null): void {
    if (this.state !== 'closed') this.#error = error;
    this.state = 'closed';
    this.#socket.destroy();
  }

  /** Ends with an error whose reason the peer can still read. */
  endWith(error: Error): void {
    if (this.state !== 'closed') this.#error = error;
    this.end();
  }

  #answer(command: number, status: number, sequence: number): void {
    writeHeaderOnly(this.out, command, status, sequence);
    this.schedule();
  }

  #read(chunk: Buffer): void {
    if (this.state === 'closed') return;
    this.#heardAt = this.#now;
    this.#askedAt = -1;
    let fatal: StreamError | null = null;
    try {
      this.#splitter.push(chunk, this.#protocol);
    } catch (error) {
      if (!(error instanceof StreamError)) throw error;
      fatal = error;
    }
    this.#protocol.chunk();
    if (fatal !== null) {
      writeHeaderOnly(this.out, Command.genericNack, Esme.ESME_RINVCMDLEN, 0);
      this.endWith(fatal);
    }
  }

  #drained(): void {
    if (this.#socket.isPaused()) this.#socket.resume();
    if (this.state === 'bound') this.#protocol.drained();
  }

  #ended(): void {
    if (this.state === 'unbinding') this.state = 'closed';
    else this.destroy(new LinkError('the peer closed the connection without unbind'));
  }

  #tick(): void {
    this.#now++;
    this.window.tick();
    if (this.#deadline !== null && this.#now > this.#deadline.tick) {
      const { error } = this.#deadline;
      this.#deadline = null;
      this.destroy(error);
      return;
    }
    if (this.state !== 'bound' && this.state !== 'unbinding') return;
    if (this.#responseTicks > 0) {
      const tokens = this.window.expire(this.#responseTicks);
      if (tokens.length > 0) this.#protocol.timedOut(tokens);
    }
    if (this.#askedAt >= 0) {
      if (this.#now - this.#askedAt > this.#enquireTimeoutTicks) {
        this.destroy(new LinkError('the peer does not answer enquire_link'));
      }
    } else if (this.#now - this.#heardAt >= this.#enquireTicks) {
      this.#askedAt = this.#now;
      this.#answer(Command.enquireLink, Esme.ESME_ROK, this.window.nextSequence());
    }
  }

  #closed(): void {
    clearInterval(this.#timer);
    this.state = 'closed';
    this.#protocol.closed(this.#error, this.window.drain());
    for (const resolve of this.#unbound) resolve();
    this.#unbound = [];
  }

  #ticks(ms: number): number {
    return Math.ceil(ms / this.#tickMs);
  }
}
