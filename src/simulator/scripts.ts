// What the simulator does with a message, by the last three digits of its destination: one table that the code,
// docs/smpp.md and the tests follow.

import { Esme, type ReceiptState } from '../smpp/index.ts';

/** How a receipt names its message: in the text, in optional parameters only, or in the text but in hexadecimal. */
export type ReceiptForm = 'text' | 'tlv' | 'hex';

export interface Respond {
  kind: 'respond';
  status: number;
}

export interface Report {
  kind: 'report';
  state: ReceiptState;
  error: number;
  form: ReceiptForm;
  /** Whether it goes out at once instead of after the receipt delay. */
  atOnce: boolean;
}

export type Step = Respond | Report;

/** Steps are taken one after the other, each after its own delay. */
export type Script = readonly Step[];

const accept: Respond = { kind: 'respond', status: Esme.ESME_ROK };

function report(state: ReceiptState, error = 0, form: ReceiptForm = 'text', atOnce = false): Report {
  return { kind: 'report', state, error, form, atOnce };
}

const delivered: Script = [accept, report('DELIVRD')];

/** The answer to a message that comes too fast. */
export const throttle: Script = [{ kind: 'respond', status: Esme.ESME_RTHROTTLED }];

/** The last three digits of numbers that are throttled `throttledTimes` times and then taken. */
export const throttledSuffix = 8;
export const throttledTimes = 2;

const magic: ReadonlyMap<number, Script> = new Map<number, Script>([
  [1, [accept, report('UNDELIV', 1)]],
  [2, [accept, report('EXPIRED', 2)]],
  [3, [{ kind: 'respond', status: Esme.ESME_RINVDSTADR }]],
  [4, [accept]],
  [5, [accept, report('ACCEPTD'), report('DELIVRD')]],
  [6, [report('DELIVRD', 0, 'text', true), accept]],
  [7, [accept, report('DELIVRD'), report('DELIVRD')]],
  [throttledSuffix, delivered],
  [9, [accept, report('UNKNOWN', 9)]],
  [10, [accept, report('DELIVRD', 0, 'tlv')]],
  [11, [accept, report('DELIVRD', 0, 'hex')]],
]);

/** The script of a destination by its last three digits. */
export function scriptFor(suffix: number): Script {
  return magic.get(suffix) ?? delivered;
}

/** Whether registered_delivery (5.2.17) asks for a report of this state: 1 for all, 2 for failures only. */
export function wanted(registeredDelivery: number, step: Report): boolean {
  const asked = registeredDelivery & 0x03;
  if (asked === 2) return step.state !== 'DELIVRD' && step.state !== 'ACCEPTD';
  return asked !== 0;
}
