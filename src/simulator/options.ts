// How a simulator is run, and what it counts. Taken and given by simulator.ts and simulation.ts.

import type { TlsOptions } from 'node:tls';
import type { ShortMessage } from '../smpp/index.ts';
import type { Behaviour } from './behaviour.ts';

/**
 * How to run a simulator, and how it behaves at first: 2 to 10 ms to a response, 200 to 1500 to a receipt, 5 minutes
 * to a late one, no limits, no quirks unless told otherwise. Times are in milliseconds.
 */
export interface SimulatorOptions extends Partial<Behaviour> {
  host?: string;
  /** 0, the default, takes a free one. */
  port?: number;
  /** Who may bind; without it anybody may. */
  systemId?: string;
  password?: string;
  tls?: TlsOptions;
  /** Receivers bind at a port of their own, and only there. */
  receiversApart?: boolean;
  /** The same seed draws the same delays; 1 by default. */
  seed?: number;
  /** Bound sessions at most; more are refused. No limit by default. */
  sessionsLimit?: number;
  /** Unacknowledged deliver_sm at most per session; 10,000 by default. */
  windowPerSession?: number;
  /** Whether to count the accepted submits of each destination, about 40 bytes of memory a number. */
  recordSubmits?: boolean;
  /** Hears each submit as it comes, whatever it is answered; its octets lie in a buffer that is used again. */
  onSubmit?: (submit: ShortMessage) => void;
  log?: { info(details: object, message: string): void };
}

/** Counts since the start, and what is open now. */
export interface SimulatorStats {
  sessions: number;
  binds: number;
  bindsRefused: number;
  submits: number;
  /** Submits that were not answered, at most. */
  mostUnanswered: number;
  accepted: number;
  refused: number;
  throttled: number;
  /** deliver_sm sent, each delivery of a receipt counted. */
  receiptsSent: number;
  /** Of them, those sent again after a session ended without acknowledging. */
  receiptsRepeated: number;
  receiptsAcknowledged: number;
  /** deliver_sm that the ESME answered with an error. */
  receiptsRefused: number;
  /** Messages from subscribers, each part counted, that the ESME acknowledged. */
  lettersAcknowledged: number;
  /** Receipts, and messages from subscribers, that wait for a session now. */
  receiptsWaiting: number;
  /** Messages whose next response or receipt has not its time yet. */
  scheduled: number;
}
