// Which messages leave next: one step takes from the lanes in turn what the operators have room for. Called by the
// dispatcher, which then marks what was taken; nothing here waits.

import type { Connector, Router } from '../operators/index.ts';
import type { SubmitTemplate } from '../smpp/index.ts';
import { templatesFor } from './content.ts';
import type { Campaign, Lane, LeasedBatch, Row } from './lane.ts';
import { Part } from './part.ts';
import type { Rotation } from './rotation.ts';

/** How many messages one step takes at most, over all campaigns. */
const stepLimit = 4000;
/** How many messages one campaign takes in its turn at most. */
const turnLimit = 500;

/** What one mark makes ready: parts for connectors, messages without a route, and the batches they come from. */
export type Step = { parts: Part[]; failed: Part[]; batches: Set<LeasedBatch> };

/**
 * Takes one step. What it takes is counted as unresolved, at its batch and at its connector.
 *
 * @param now on the monotonic clock
 * @returns the step, and whether an account's limit of messages a second has held something back
 */
export function takeStep(
  rotation: Rotation,
  router: Router<Connector<Part>>,
  connectors: readonly Connector<Part>[],
  now: number,
): { step: Step; limited: boolean } {
  return new Taking(rotation, router, connectors, now).run();
}

class Taking {
  readonly #rotation: Rotation;
  readonly #router: Router<Connector<Part>>;
  readonly #now: number;
  /** What each connector still wants. */
  readonly #room = new Map<Connector<Part>, number>();
  readonly #step: Step = { parts: [], failed: [], batches: new Set() };
  /** Lanes that could take nothing: in this step they are not asked again, since room only shrinks. */
  readonly #idle = new Set<Lane>();
  /** What all of them want together. */
  #left = 0;
  /** How many messages a turn takes at most: a fair share, for as many turns as there are lanes that can take. */
  #turn = 1;
  #turnsLeft = 0;
  #limited = false;
  /** Parts of the message that is looked for an operator now. */
  #needed = 1;

  constructor(
    rotation: Rotation,
    router: Router<Connector<Part>>,
    connectors: readonly Connector<Part>[],
    now: number,
  ) {
    this.#rotation = rotation;
    this.#router = router;
    this.#now = now;
    for (const connector of connectors) {
      const wanted = Math.max(0, connector.wanted());
      this.#room.set(connector, wanted);
      this.#left += wanted;
    }
  }

  run(): { step: Step; limited: boolean } {
    const step = this.#step;
    while (step.parts.length + step.failed.length < stepLimit) {
      if (this.#turnsLeft <= 0) this.#share();
      if (this.#rotation.turn(this.#take) === 0) break;
    }
    return { step, limited: this.#limited };
  }

  // What is left is shared again when everybody had a turn or could not use it, so that many who wait neither make the
  // turns of the others small nor give those who come after them more than those before.
  #share(): void {
    const lanes = Math.max(1, this.#rotation.size - this.#idle.size);
    this.#turn = Math.max(1, Math.min(turnLimit, Math.floor(this.#left / lanes)));
    this.#turnsLeft = lanes;
  }

  // A lane's turn.
  readonly #take = (lane: Lane): number => {
    if (this.#idle.has(lane)) return 0;
    const allowed = this.#rotation.allowed(lane, this.#now);
    if (allowed < this.#turn && lane.length > 0) this.#limited = true;
    const most = Math.min(this.#turn, allowed);
    let taken = 0;
    while (taken < most) {
      const row = lane.peek();
      if (row === undefined || !this.#takeRow(row)) break;
      lane.shift();
      row.batch.ahead--;
      row.batch.mark = Math.max(row.batch.mark, row.id);
      this.#step.batches.add(row.batch);
      taken++;
    }
    this.#turnsLeft--;
    if (taken === 0) this.#idle.add(lane);
    else this.#rotation.spend(lane, taken);
    return taken;
  };

  // False where the message has to wait: its operators are away or want no more.
  #takeRow(row: Row): boolean {
    const { batch, phone } = row;
    const { campaign } = batch;
    const templates = templatesOf(row);
    this.#needed = templates.length;
    const connector = this.#router.choose(phone, campaign.test, this.#fits, campaign.operatorId);
    if (connector === 'wait') {
      if (templates.length > 1) this.#reserve(phone, campaign);
      return false;
    }
    if (connector === 'none') {
      batch.unresolved++;
      this.#step.failed.push(new Part(templates[0]!, phone, row.id, 0, batch, null, null));
      return true;
    }
    this.#room.set(connector, this.#room.get(connector)! - templates.length);
    this.#left -= templates.length;
    connector.unresolved += templates.length;
    batch.unresolved += templates.length;
    const whole =
      templates.length === 1
        ? null
        : { unanswered: templates.length, decided: false, begun: false, abandoned: false };
    for (let i = 0; i < templates.length; i++) {
      this.#step.parts.push(new Part(templates[i]!, phone, row.id, i, batch, whole, connector));
    }
    return true;
  }

  // A long message must fit as a whole, except where the limit is smaller than the message: then it goes alone.
  readonly #fits = (connector: Connector<Part>): boolean => {
    const room = this.#room.get(connector) ?? 0;
    return room >= this.#needed || (room > 0 && connector.unresolved === 0);
  };

  // An operator has some room, but not enough for this long message: nobody else takes it in this step, or short
  // messages, which always fit, would keep the long one waiting for ever.
  #reserve(phone: number, { test, operatorId }: Campaign): void {
    this.#needed = 1;
    const connector = this.#router.choose(phone, test, this.#fits, operatorId);
    if (connector !== 'wait' && connector !== 'none') this.#room.set(connector, 0);
  }
}

function templatesOf(row: Row): SubmitTemplate[] {
  if (row.text === null && row.sender === null) return row.batch.campaign.templates;
  const { sender, text, validitySeconds } = row.batch.campaign;
  row.templates ??= templatesFor(row.sender ?? sender, row.text ?? text, validitySeconds, row.id);
  return row.templates;
}
