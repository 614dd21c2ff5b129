// The operator's side: listens, lets sessions bind, hands over submit_sm in arrays, and writes submit_sm_resp and
// deliver_sm in batches. Used by the simulator, and by tests as a peer for the client.

import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import type { BindMode } from './client.ts';
import { Connection, type Protocol, type SessionState } from './connection.ts';
import { Command, Esme, responseBit } from './constants.ts';
import { type Bind, readBind, ShortMessage } from './decode.ts';
import { type DeliverFields, writeDeliver, writeHeaderOnly, writeWithText } from './encode.ts';
import { LinkError, PduError } from './errors.ts';
import { readInt32 } from './splitter.ts';

/** How the server listens and whom it lets in. Times are in milliseconds. */
export interface ServerOptions {
  host: string;
  /** 0 takes a free one. */
  port: number;
  /** With a key and certificate the server speaks TLS only. */
  tls?: TlsOptions;
  /** The system_id in bind responses. */
  systemId: string;
  /** Returns ESME_ROK or the status that refuses the bind. */
  authenticate(bind: Bind, mode: BindMode): number;
  /** Unacknowledged deliver_sm at most per session, from 1 to 1,000,000. */
  windowSize: number;
  enquireLinkMs: number;
  bindTimeoutMs: number;
  /** Leaves enquire_link unanswered, as a few operators do; for tests. */
  ignoreEnquireLink?: boolean;
}

/** What a bound session tells its owner. The arrays belong to the handler. */
export interface ServerHandlers<T> {
  /** The submits of one chunk, in order; each must be answered by `respond`. */
  onSubmits(submits: ShortMessage[]): void;
  /** deliver_sm_resp, and generic_nack for a deliver_sm; parallel arrays. */
  onAcknowledged(tokens: T[], statuses: number[]): void;
  /** Exactly once, and the last; `unanswered` are the tokens of unacknowledged deliver_sm, oldest first. */
  onClosed(closed: { error: Error | null; unanswered: T[] }): void;
}

/** A bound session. T is what the owner wants back when a deliver_sm is acknowledged. */
export interface ServerSession<T> {
  readonly systemId: string;
  readonly mode: BindMode;
  readonly state: SessionState;
  /** How many deliver_sm the session takes now: 0 when it is a transmitter or not bound. */
  readonly room: number;
  /** Answers a submit_sm; a message id in decimal if a number. Leaves with everything else of the turn. */
  respond(sequence: number, status: number, messageId: number | string): void;
  /** Sends a deliver_sm. Throws RangeError when the window is full or a field does not fit. */
  deliver(fields: DeliverFields, token: T): void;
  /** Writes everything that waits now. */
  flush(): void;
  /** Writes octets that need be no PDU; for tests. */
  write(bytes: Uint8Array): void;
  /** From now on the peer gets no word on anything it says, though the connection stays; for tests. */
  hush(): void;
  unbind(): Promise<void>;
  destroy(error?: Error): void;
}

export interface Server {
  readonly port: number;
  /** Stops listening and closes every connection at once. */
  close(): Promise<void>;
}

/** Listens. `onSession` is called for each session that binds, and returns its handlers. Rejects if it cannot listen. */
export async function createServer<T>(
  options: ServerOptions,
  onSession: (session: ServerSession<T>) => ServerHandlers<T>,
): Promise<Server> {
  const sockets = new Set<Socket>();
  const accept = (socket: Socket) => {
    new Operator<T>(socket, options, onSession);
  };
  const server = options.tls === undefined ? createTcpServer(accept) : createTlsServer(options.tls, accept);
  // The TCP sockets, among them those whose TLS handshake is not over.
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

const bindModes: ReadonlyMap<number, BindMode> = new Map([
  [Command.bindTransceiver, 'transceiver'],
  [Command.bindTransmitter, 'transmitter'],
  [Command.bindReceiver, 'receiver'],
]);

class Operator<T> implements ServerSession<T>, Protocol<T> {
  systemId = '';
  mode: BindMode = 'transceiver';
  readonly #options: ServerOptions;
  readonly #onSession: (session: ServerSession<T>) => ServerHandlers<T>;
  readonly #connection: Connection<T>;
  #handlers: ServerHandlers<T> | null = null;
  #submits: ShortMessage[] = [];
  #tokens: T[] = [];
  #statuses: number[] = [];
  #hushed = false;

  constructor(
    socket: Socket,
    options: ServerOptions,
    onSession: (session: ServerSession<T>) => ServerHandlers<T>,
  ) {
    this.#options = options;
    this.#onSession = onSession;
    this.#connection = new Connection<T>(socket, this, {
      windowSize: options.windowSize,
      responseTimeoutMs: 0, // a delivery waits for its acknowledgement until the session ends
      enquireLinkMs: options.enquireLinkMs,
      enquireLinkTimeoutMs: options.enquireLinkMs,
      pauseReading: true,
    });
    this.#connection.state = 'binding';
    this.#connection.setDeadline(options.bindTimeoutMs, new LinkError('the peer does not bind'));
  }

  get state(): SessionState {
    return this.#connection.state;
  }

  get room(): number {
    const { state, window } = this.#connection;
    return state === 'bound' && this.mode !== 'transmitter' ? window.size - window.count : 0;
  }

  respond(sequence: number, status: number, messageId: number | string): void {
    if (this.#hushed) return;
    if (this.state !== 'bound' && this.state !== 'unbinding') return;
    if (status === Esme.ESME_ROK) {
      writeWithText(this.#connection.out, Command.submitSmResp, status, sequence, messageId);
    } else {
      writeHeaderOnly(this.#connection.out, Command.submitSmResp, status, sequence);
    }
    this.#connection.schedule();
  }

  deliver(fields: DeliverFields, token: T): void {
    const { window, out } = this.#connection;
    const sequence = window.add(token);
    try {
      writeDeliver(out, fields, sequence);
    } catch (error) {
      window.take(sequence);
      throw error;
    }
    this.#connection.schedule();
  }

  flush(): void {
    this.#connection.flush();
  }

  write(bytes: Uint8Array): void {
    const { out } = this.#connection;
    const start = out.room(bytes.length);
    out.bytes.set(bytes, start);
    out.end = start + bytes.length;
    this.#connection.schedule();
  }

  hush(): void {
    this.#hushed = true;
  }

  unbind(): Promise<void> {
    return this.#connection.unbind();
  }

  destroy(error?: Error): void {
    this.#connection.destroy(error ?? null);
  }

  pdu(bytes: Buffer, start: number, end: number): void {
    if (this.#hushed) return;
    const command = readInt32(bytes, start + 4);
    const sequence = readInt32(bytes, start + 12);
    if (command === Command.submitSm) this.#submit(bytes, start, end, sequence);
    else if (command === Command.deliverSmResp) this.#acknowledged(bytes, start, sequence);
    else if (bindModes.has(command)) this.#bind(bytes, start, end);
    else if (command === Command.genericNack && this.#connection.window.has(sequence)) {
      this.#acknowledged(bytes, start, sequence);
    } else if (command !== Command.enquireLink || this.#options.ignoreEnquireLink !== true) {
      this.#connection.common(bytes, start);
    }
  }

  chunk(): void {
    if (this.#submits.length > 0) {
      const submits = this.#submits;
      this.#submits = [];
      this.#handlers?.onSubmits(submits);
    }
    if (this.#tokens.length > 0) {
      const tokens = this.#tokens;
      const statuses = this.#statuses;
      this.#tokens = [];
      this.#statuses = [];
      this.#handlers?.onAcknowledged(tokens, statuses);
    }
  }

  drained(): void {}

  timedOut(): void {}

  closed(error: Error | null, unanswered: T[]): void {
    this.#handlers?.onClosed({ error, unanswered });
  }

  #submit(bytes: Buffer, start: number, end: number, sequence: number): void {
    if (this.state !== 'bound' || this.mode === 'receiver') {
      this.#refuse(Command.submitSmResp, Esme.ESME_RINVBNDSTS, sequence);
      return;
    }
    const message = new ShortMessage();
    try {
      message.read(bytes, start + 16, end, sequence);
      if (!message.addressesFit) throw new PduError(Esme.ESME_RINVDSTADR, 'an address is too long');
    } catch (error) {
      if (!(error instanceof PduError)) throw error;
      this.#refuse(Command.submitSmResp, error.status, sequence);
      return;
    }
    this.#submits.push(message);
  }

  #acknowledged(bytes: Buffer, start: number, sequence: number): void {
    const { window } = this.#connection;
    if (!window.has(sequence)) {
      this.#connection.ignored++;
      return;
    }
    const nack = readInt32(bytes, start + 4) === Command.genericNack;
    this.#tokens.push(window.take(sequence));
    this.#statuses.push(readInt32(bytes, start + 8) >>> 0 || (nack ? Esme.ESME_RUNKNOWNERR : 0));
  }

  #bind(bytes: Buffer, start: number, end: number): void {
    const command = readInt32(bytes, start + 4);
    const sequence = readInt32(bytes, start + 12);
    const response = command | responseBit;
    const mode = bindModes.get(command) ?? 'transceiver';
    if (this.state !== 'binding') {
      this.#refuse(response, Esme.ESME_RALYBND, sequence);
      return;
    }
    let status: number;
    try {
      const bind = readBind(bytes, start + 16, end);
      this.systemId = bind.systemId;
      status = this.#options.authenticate(bind, mode);
    } catch (error) {
      if (!(error instanceof PduError)) throw error;
      status = error.status;
    }
    if (status !== Esme.ESME_ROK) {
      this.#refuse(response, status, sequence);
      this.#connection.end();
      return;
    }
    this.mode = mode;
    this.#connection.clearDeadline();
    this.#connection.state = 'bound';
    writeWithText(this.#connection.out, response, status, sequence, this.#options.systemId);
    this.#connection.schedule();
    this.#handlers = this.#onSession(this);
  }

  #refuse(response: number, status: number, sequence: number): void {
    writeHeaderOnly(this.#connection.out, response, status, sequence);
    this.#connection.schedule();
  }
}
