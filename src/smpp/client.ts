// The ESME's side of a session: binds to an operator, submits within a window, and hands over responses and
// deliveries in arrays, at most one call per chunk of the stream. The engine opens one per configured session.

import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions as TlsOptions } from 'node:tls';
import { Connection, type Protocol, type SessionState } from './connection.ts';
import { Command, Esme } from './constants.ts';
import { readMessageId, type Sar, ShortMessage } from './decode.ts';
import { type SubmitTemplate, writeBind, writeSubmit, writeWithText } from './encode.ts';
import { BindError, LinkError, PduError } from './errors.ts';
import { type Receipt, readReceipt } from './receipt.ts';
import { readInt32 } from './splitter.ts';

export type BindMode = 'transceiver' | 'transmitter' | 'receiver';

/** Where and how to bind. All times are in milliseconds. */
export interface SessionOptions {
  host: string;
  port: number;
  tls?: boolean | TlsOptions;
  systemId: string;
  password: string;
  systemType: string;
  mode: BindMode;
  /** Unanswered submit_sm at most, from 1 to 1,000,000. */
  windowSize: number;
  responseTimeoutMs: number;
  enquireLinkMs: number;
  connectTimeoutMs: number;
  bindTimeoutMs: number;
}

/** One deliver_sm: a receipt, or a message from a subscriber. It stays the operator's until `acknowledge`. */
export interface Deliver {
  sequence: number;
  source: string;
  destination: string;
  esmClass: number;
  dataCoding: number;
  /** The text's octets, or message_payload, until the handler returns; empty for a receipt: see `receipt`. */
  shortMessage: Buffer;
  /** Which part of a text it is by its sar_* parameters; null for a receipt, and where there are none. */
  sar: Sar | null;
  receipt: Receipt | null;
}

/** How a session ended. */
export interface Closed<T> {
  /** Null after an unbind by either side or `destroy()` without an error. */
  error: Error | null;
  /** Tokens that got neither a response nor a time-out, oldest first: the operator may have taken their messages. */
  unanswered: T[];
  /** The command_status when the bind was refused. */
  status?: number;
}

/** What a session tells its owner. The arrays belong to the handler. */
export interface SessionHandlers<T> {
  onBound(): void;
  /** submit_sm_resp, and generic_nack for a submit_sm; parallel arrays. The id is '' where there is none. */
  onResponses(tokens: T[], statuses: number[], smscIds: string[]): void;
  onDeliveries(deliveries: Deliver[]): void;
  /** No response within responseTimeoutMs. */
  onTimeouts(tokens: T[]): void;
  /** submit_sm_resp that came after that: the operator took these messages and calls them so. Parallel arrays. */
  onLate?(tokens: T[], smscIds: string[]): void;
  /** Exactly once, and the last. */
  onClosed(closed: Closed<T>): void;
  /** The socket took what it had, so `room` is no longer held at 0. */
  onDrain?(): void;
}

/** An open session. T is whatever the owner wants back with the response of a submit. */
export interface ClientSession<T> {
  readonly state: SessionState;
  /** How many submits are welcome now: 0 when not bound for sending, or while the socket takes no more. */
  readonly room: number;
  /** Responses that belonged to no unanswered submit. */
  readonly ignoredResponses: number;
  /**
   * Encodes a submit_sm; all of a turn leave in one write at its end, or at `flush`. Throws RangeError when the
   * window is full or the destination is no address, and Error when the session is not bound for sending.
   */
  submit(template: SubmitTemplate, destination: number | string, token: T): void;
  /** Writes everything that waits now. */
  flush(): void;
  /** Answers deliver_sm by their sequence numbers; does nothing once closed, for the operator will deliver again. */
  acknowledge(sequences: readonly number[], status?: number): void;
  /** Unbinds, and resolves when the connection is closed: at once after the answer, or after 5 s without one. */
  unbind(): Promise<void>;
  /** Closes at once; `error` is what onClosed gets. */
  destroy(error?: Error): void;
}

/** Connects and binds. The session is there at once; handlers are called from later turns only. */
export function openSession<T>(options: SessionOptions, handlers: SessionHandlers<T>): ClientSession<T> {
  return new Client<T>(options, handlers);
}

const bindCommands = {
  transceiver: Command.bindTransceiver,
  transmitter: Command.bindTransmitter,
  receiver: Command.bindReceiver,
} as const;

/** A turn's submits and acknowledgements pass the socket without `room` dropping to 0. */
const writableHighWaterMark = 1024 * 1024;

const noOctets = Buffer.alloc(0);

class Client<T> implements ClientSession<T>, Protocol<T> {
  readonly #options: SessionOptions;
  readonly #handlers: SessionHandlers<T>;
  readonly #connection: Connection<T>;
  readonly #message = new ShortMessage();
  readonly #sends: boolean;
  #bindStatus: number | undefined;
  #tokens: T[] = [];
  #statuses: number[] = [];
  #smscIds: string[] = [];
  #lateTokens: T[] = [];
  #lateIds: string[] = [];
  #deliveries: Deliver[] = [];

  constructor(options: SessionOptions, handlers: SessionHandlers<T>) {
    this.#options = options;
    this.#handlers = handlers;
    this.#sends = options.mode !== 'receiver';
    const socket = connect(options, () => this.#bind());
    this.#connection = new Connection<T>(socket, this, {
      windowSize: options.windowSize,
      responseTimeoutMs: options.responseTimeoutMs,
      enquireLinkMs: options.enquireLinkMs,
      enquireLinkTimeoutMs: options.responseTimeoutMs,
      pauseReading: false,
    });
    const where = `${options.host}:${options.port}`;
    this.#connection.setDeadline(
      options.connectTimeoutMs,
      new LinkError(`no connection to ${where} in time`),
    );
  }

  get state(): SessionState {
    return this.#connection.state;
  }

  get room(): number {
    const connection = this.#connection;
    if (!this.#sends || connection.state !== 'bound' || connection.full) return 0;
    return connection.window.size - connection.window.count;
  }

  get ignoredResponses(): number {
    return this.#connection.ignored;
  }

  submit(template: SubmitTemplate, destination: number | string, token: T): void {
    const { window, out, state } = this.#connection;
    if (state !== 'bound' || !this.#sends) throw new Error(`cannot submit: the session is ${state}`);
    const sequence = window.add(token);
    try {
      writeSubmit(out, template, destination, sequence);
    } catch (error) {
      window.take(sequence);
      throw error;
    }
    this.#connection.schedule();
  }

  flush(): void {
    this.#connection.flush();
  }

  acknowledge(sequences: readonly number[], status = 0): void {
    const { out, state } = this.#connection;
    if (state !== 'bound' && state !== 'unbinding') return;
    for (const sequence of sequences) writeWithText(out, Command.deliverSmResp, status, sequence, '');
    this.#connection.schedule();
  }

  unbind(): Promise<void> {
    return this.#connection.unbind();
  }

  destroy(error?: Error): void {
    this.#connection.destroy(error ?? null);
  }

  pdu(bytes: Buffer, start: number, end: number): void {
    const command = readInt32(bytes, start + 4);
    const sequence = readInt32(bytes, start + 12);
    if (this.state === 'binding') this.#bound(bytes, start);
    else if (command === Command.submitSmResp) this.#response(bytes, start, end, sequence);
    else if (command === Command.deliverSm) this.#deliver(bytes, start, end, sequence);
    else if (command === Command.genericNack && this.#connection.window.has(sequence)) {
      this.#refused(bytes, start, sequence);
    } else this.#connection.common(bytes, start);
  }

  chunk(): void {
    if (this.#lateTokens.length > 0) {
      const tokens = this.#lateTokens;
      const smscIds = this.#lateIds;
      this.#lateTokens = [];
      this.#lateIds = [];
      this.#handlers.onLate?.(tokens, smscIds);
    }
    if (this.#tokens.length > 0) {
      const tokens = this.#tokens;
      const statuses = this.#statuses;
      const smscIds = this.#smscIds;
      this.#tokens = [];
      this.#statuses = [];
      this.#smscIds = [];
      this.#handlers.onResponses(tokens, statuses, smscIds);
    }
    if (this.#deliveries.length > 0) {
      const deliveries = this.#deliveries;
      this.#deliveries = [];
      this.#handlers.onDeliveries(deliveries);
    }
  }

  drained(): void {
    this.#handlers.onDrain?.();
  }

  timedOut(tokens: T[]): void {
    this.#handlers.onTimeouts(tokens);
  }

  closed(error: Error | null, unanswered: T[]): void {
    const status = this.#bindStatus;
    this.#handlers.onClosed(status === undefined ? { error, unanswered } : { error, unanswered, status });
  }

  #bind(): void {
    const { out, window } = this.#connection;
    this.#connection.state = 'binding';
    this.#connection.setDeadline(
      this.#options.bindTimeoutMs,
      new LinkError('the operator does not answer the bind'),
    );
    try {
      writeBind(out, bindCommands[this.#options.mode], this.#options, window.nextSequence());
    } catch (error) {
      this.#connection.destroy(error as RangeError);
    }
    this.#connection.flush();
  }

  #bound(bytes: Buffer, start: number): void {
    const command = readInt32(bytes, start + 4);
    const status = readInt32(bytes, start + 8) >>> 0;
    if (command === (bindCommands[this.#options.mode] | Command.genericNack) && status === 0) {
      this.#connection.clearDeadline();
      this.#connection.state = 'bound';
      this.#handlers.onBound();
    } else if (command === Command.genericNack || command < 0) {
      this.#bindStatus = status || Esme.ESME_RBINDFAIL;
      this.#connection.endWith(new BindError(this.#bindStatus, this.#options.systemId));
    } else {
      this.#connection.common(bytes, start);
    }
  }

  #response(bytes: Buffer, start: number, end: number, sequence: number): void {
    const { window } = this.#connection;
    if (!window.has(sequence)) {
      const token = window.takeLate(sequence);
      if (token === undefined || readInt32(bytes, start + 8) !== Esme.ESME_ROK) {
        this.#connection.ignored++;
        return;
      }
      this.#lateTokens.push(token);
      this.#lateIds.push(readMessageId(bytes, start + 16, end));
      return;
    }
    this.#tokens.push(window.take(sequence));
    this.#statuses.push(readInt32(bytes, start + 8) >>> 0);
    this.#smscIds.push(readMessageId(bytes, start + 16, end));
  }

  #refused(bytes: Buffer, start: number, sequence: number): void {
    this.#tokens.push(this.#connection.window.take(sequence));
    this.#statuses.push(readInt32(bytes, start + 8) >>> 0 || Esme.ESME_RUNKNOWNERR);
    this.#smscIds.push('');
  }

  #deliver(bytes: Buffer, start: number, end: number, sequence: number): void {
    const message = this.#message;
    try {
      message.read(bytes, start + 16, end, sequence);
    } catch (error) {
      if (!(error instanceof PduError)) throw error;
      writeWithText(this.#connection.out, Command.deliverSmResp, error.status, sequence, '');
      this.#connection.schedule();
      return;
    }
    const receipt = readReceipt(message);
    this.#deliveries.push({
      sequence,
      source: message.source,
      destination: message.destination,
      esmClass: message.esmClass,
      dataCoding: message.dataCoding,
      shortMessage: receipt === null ? message.shortMessage : noOctets,
      sar: receipt === null ? message.sar : null,
      receipt,
    });
  }
}

function connect(options: SessionOptions, onConnected: () => void): Socket {
  const { host, port } = options;
  if (options.tls === undefined || options.tls === false) {
    return connectTcp({ host, port, writableHighWaterMark } as { host: string; port: number }, onConnected);
  }
  // A certificate cannot be asked for by an IP address (RFC 6066), only by a name.
  const servername = isIP(host) === 0 ? { servername: host } : {};
  const own = options.tls === true ? {} : options.tls;
  return connectTls({ host, port, ...servername, ...own }, onConnected);
}
