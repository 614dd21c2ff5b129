// What the simulator does with a message, by the last three digits of its destination, or by chance: tables that the code,
// docs/smpp.md and the tests follow.

import { Esme, type ReceiptState } from '../smpp/index.ts';
import type { Garbage } from './garbage.ts';
import type { ReceiptForm } from './receipt-text.ts';

export interface Respond {
  kind: 'respond';
  status: number;
  /** Whether it comes after `lateMs` instead of the latency. */
  late: boolean;
  /** Whether it names a request that nobody made. */
  astray: boolean;
}

export interface Report {
  kind: 'report';
  state: ReceiptState;
  error: number;
  form: ReceiptForm;
  /** After the receipt delay, at once, or after `lateMs`. */
  when: 'usual' | 'at once' | 'late';
  /** Whether it is about a message that nobody sent. */
  stranger: boolean;
}

/** Octets that are no answer, or the end of the session. */
export interface Disturb {
  kind: 'disturb';
  by: Garbage | 'unbind';
}

/** The subscriber writes back. */
export interface Reply {
  kind: 'reply';
  text: string;
}

export type Step = Respond | Report | Disturb | Reply;

/** Steps are taken one after the other, each after its own delay. */
export type Script = readonly Step[];

function respond(status: number, { late = false, astray = false } = {}): Respond {
  return { kind: 'respond', status, late, astray };
}

function report(state: ReceiptState, more: Partial<Report> = {}): Report {
  return { kind: 'report', state, error: 0, form: 'text', when: 'usual', stranger: false, ...more };
}

const accept = respond(Esme.ESME_ROK);
const reply = (text: string): Reply => ({ kind: 'reply', text });
const disturb = (by: Disturb['by']): Disturb => ({ kind: 'disturb', by });

/** What becomes of a message that nothing else is asked for. */
export const delivered: Script = [accept, report('DELIVRD')];

/** The answer to a message that comes too fast. */
export const throttle: Script = [respond(Esme.ESME_RTHROTTLED)];

const magic: ReadonlyMap<number, Script> = new Map<number, Script>([
  [1, [accept, report('UNDELIV', { error: 1 })]],
  [2, [accept, report('EXPIRED', { error: 2 })]],
  [3, [respond(Esme.ESME_RINVDSTADR)]],
  [4, [accept]],
  [5, [accept, report('ACCEPTD'), report('DELIVRD')]],
  [6, [report('DELIVRD', { when: 'at once' }), accept]],
  [7, [accept, report('DELIVRD'), report('DELIVRD')]],
  [9, [accept, report('UNKNOWN', { error: 9 })]],
  [10, [accept, report('DELIVRD', { form: 'tlv' })]],
  [11, [accept, report('DELIVRD', { form: 'hex' })]],
  [12, [accept, report('UNDELIV', { stranger: true }), report('DELIVRD')]],
  [13, [accept, report('DELIVRD', { form: 'bare' })]],
  [14, [accept, report('DELIVRD', { form: 'messy' })]],
  [15, [accept, report('DELIVRD', { form: 'localised' })]],
  [
    16,
    [
      accept,
      report('SCHEDULED'),
      report('ENROUTE', { form: 'interim' }),
      report('ACCEPTD'),
      report('DELIVRD'),
    ],
  ],
  [17, [accept, report('DELIVRD'), report('ACCEPTD'), report('UNDELIV', { error: 1 })]],
  [18, [accept, report('DELIVRD', { when: 'late' })]],
  [19, [respond(Esme.ESME_ROK, { late: true }), report('DELIVRD')]],
  [22, [disturb('huge'), accept, report('DELIVRD')]],
  [23, [disturb('lyingInside'), accept, report('DELIVRD')]],
  [30, [accept, report('DELIVRD'), reply('STOP')]],
  [31, [accept, report('DELIVRD'), reply('START')]],
  [32, [accept, report('DELIVRD'), reply('Hello, who is this?')]],
  [33, [accept, report('DELIVRD'), reply(`${'Спасибо! '.repeat(9)}Это длинный ответ.`)]],
]);

/** What may become of a message by chance, where its number asks for nothing. */
export const outcomes = {
  /** ESME_RTHROTTLED: it is to come again, and takes its chance again. */
  throttled: throttle,
  /** Refused in its response. */
  refused: magic.get(3)!,
  undelivered: magic.get(1)!,
  /** Taken, and then the receipt says REJECTD. */
  rejected: [accept, report('REJECTD', { error: 3 })],
  expired: magic.get(2)!,
  /** Taken, but never a receipt. */
  silent: magic.get(4)!,
} as const satisfies Record<string, Script>;
export type Outcome = keyof typeof outcomes;

/** What happens to a number the first times; after that it is as any other. */
const atFirst: ReadonlyMap<number, { times: number; script: Script }> = new Map([
  [8, { times: 2, script: throttle }],
  [20, { times: 1, script: [] }],
  [21, { times: 1, script: [respond(Esme.ESME_ROK, { astray: true })] }],
  [24, { times: 1, script: [disturb('empty')] }],
  [25, { times: 1, script: [disturb('lying')] }],
  [26, { times: 1, script: [disturb('unbind')] }],
]);

/** The script of a destination by its last three digits; undefined where they ask for nothing. */
export function scriptFor(suffix: number): Script | undefined {
  return magic.get(suffix);
}

/** The script of the first times of these digits, and how many times; undefined where every time is alike. */
export function firstScriptFor(suffix: number): { times: number; script: Script } | undefined {
  return atFirst.get(suffix);
}

/** Whether registered_delivery (5.2.17) asks for a report of this state: 1 for all, 2 for failures only. */
export function wanted(registeredDelivery: number, step: Report): boolean {
  const asked = registeredDelivery & 0x03;
  if (asked === 2) return step.state !== 'DELIVRD' && step.state !== 'ACCEPTD';
  return asked !== 0;
}
