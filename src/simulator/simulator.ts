// An SMSC on a socket that behaves, and misbehaves, as real ones do: it takes submit_sm from any ESME, answers after
// a latency, reports after a delay, and does something special for magic numbers (scripts.ts). How it behaves may be
// changed while it runs. This is what runs one; what goes on inside is in simulation.ts.

import { type BindMode, createServer, Esme } from '../smpp/index.ts';
import type { Behaviour } from './behaviour.ts';
import type { InboundText } from './inbound.ts';
import type { Delivery } from './mailbox.ts';
import type { SimulatorOptions, SimulatorStats } from './options.ts';
import { Simulation } from './simulation.ts';

export interface Simulator {
  readonly port: number;
  /** Where receivers bind: `port`, unless `receiversApart`. */
  readonly receiverPort: number;
  stats(): SimulatorStats;
  /** How many submits were accepted for each destination; empty unless recordSubmits. Parts of a text count each. */
  submits(): ReadonlyMap<number, number>;
  /**
   * A subscriber writes to the ESME of a system_id, or to the first that has bound; what has no session waits for one.
   * False where nobody has bound yet.
   */
  write(message: InboundText, systemId?: string): boolean;
  /** How it behaves now. */
  behaviour(): Behaviour;
  /**
   * Changes what is named, for the submits and binds that come from now on; messages that it has taken keep to what they
   * met. Throws RangeError, and changes nothing, where it makes no sense.
   */
  behave(change: Partial<Behaviour>): void;
  /** Whether it behaves as at the start. */
  normal(): boolean;
  /** Behaves as at the start again. */
  reset(): void;
  /** Ends every session without a word, as a broken line does, and returns how many there were. */
  cut(): number;
  /** Closes all sessions at once and forgets all that waits. */
  stop(): Promise<void>;
}

/** Listens and serves until `stop`. Rejects if it cannot listen. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulation = new Simulation(options);
  const listen = (port: number, welcome: (mode: BindMode) => boolean) =>
    createServer<Delivery>(
      {
        host: options.host ?? '127.0.0.1',
        port,
        systemId: 'simulator',
        authenticate: (bind, mode) =>
          welcome(mode) ? simulation.authenticate(bind.systemId, bind.password) : Esme.ESME_RBINDFAIL,
        windowSize: options.windowPerSession ?? 10_000,
        enquireLinkMs: 30_000,
        bindTimeoutMs: 10_000,
        get ignoreEnquireLink() {
          return simulation.behaviour.quirks.ignoreEnquireLink ?? false;
        },
        ...(options.tls === undefined ? {} : { tls: options.tls }),
      },
      (session) => simulation.opened(session),
    );
  const apart = options.receiversApart === true;
  const server = await listen(options.port ?? 0, (mode) => !apart || mode !== 'receiver');
  const receivers = apart ? await listen(0, (mode) => mode === 'receiver') : null;
  return {
    port: server.port,
    receiverPort: (receivers ?? server).port,
    stats: () => simulation.stats(),
    submits: () => simulation.recorded,
    write: (message, systemId) => simulation.write(message, systemId),
    behaviour: () => simulation.behaviour,
    behave: (change) => simulation.behave(change),
    normal: () => simulation.normal,
    reset: () => simulation.reset(),
    cut: () => simulation.cut(),
    stop: async () => {
      simulation.stop();
      await Promise.all([server.close(), receivers?.close()]);
    },
  };
}
