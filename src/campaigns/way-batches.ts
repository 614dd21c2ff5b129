// Cuts a campaign into batches while its recipients come in, whatever their order: each way, and each country where that
// matters, gathers messages until they fill a batch, which then gets its ids. What batches.ts does for recipients that
// are all known. Called by fill.ts.

import type { PrefixTable } from '../phones/index.ts';
import { type Batches, batchSize, wayLimit } from './batches.ts';

/**
 * Messages that wait for their batch to fill, over all groups: some 20 MB. Only where a campaign goes to more than a
 * hundred countries in small numbers do batches leave before they are full.
 */
const gatheredLimit = 100_000;

/** The way of those that are not kept apart. */
const shared = '';

type Group = {
  route: string;
  country: string | null;
  /** COPY rows without their ids. */
  rows: string[];
  lowest: number;
  highest: number;
};

export class WayBatches {
  readonly batches: Batches = {
    first: [],
    last: [],
    country: [],
    route: [],
    lowestPhone: [],
    highestPhone: [],
  };
  readonly #ways: PrefixTable<string> | null;
  /** By route, then by country. */
  readonly #groups = new Map<string, Map<string | null, Group>>();
  #nextId: number;
  #gathered = 0;

  /** @param ways which operators a number goes to; null where that is the same for all */
  constructor(firstId: number, ways: PrefixTable<string> | null) {
    this.#nextId = firstId;
    this.#ways = ways;
  }

  /** The id that the next message gets. */
  get nextId(): number {
    return this.#nextId;
  }

  /**
   * Takes in a message.
   *
   * @param country where countries are kept apart, and there is one
   * @param row its row for COPY, without the id and the tab that follows
   * @returns the rows of a batch that is full now, as COPY takes them, or an empty text
   */
  add(phone: number, country: string | null, row: string): string {
    const group = this.#groupOf(phone, country);
    group.rows.push(row);
    if (phone < group.lowest) group.lowest = phone;
    if (phone > group.highest) group.highest = phone;
    this.#gathered += 1;
    if (group.rows.length === batchSize) return this.#cut(group);
    return this.#gathered < gatheredLimit ? '' : this.#cut(this.#fullest());
  }

  /** The rows of what is left, a batch at a time. */
  *rest(): Generator<string> {
    for (const group of this.#all()) if (group.rows.length > 0) yield this.#cut(group);
  }

  #groupOf(phone: number, country: string | null): Group {
    let route = this.#ways?.find(phone) ?? shared;
    let countries = this.#groups.get(route);
    if (countries === undefined && route !== shared && this.#groups.size >= wayLimit - 1) {
      route = shared;
      countries = this.#groups.get(route);
    }
    if (countries === undefined) {
      countries = new Map();
      this.#groups.set(route, countries);
    }
    let group = countries.get(country);
    if (group === undefined) {
      group = { route, country, rows: [], lowest: Number.POSITIVE_INFINITY, highest: 0 };
      countries.set(country, group);
    }
    return group;
  }

  #cut(group: Group): string {
    const { batches } = this;
    const { rows } = group;
    let text = '';
    for (let i = 0; i < rows.length; i += 1) text += `${this.#nextId + i}\t${rows[i]!}`;
    batches.first.push(this.#nextId);
    this.#nextId += rows.length;
    batches.last.push(this.#nextId - 1);
    batches.country.push(group.country);
    batches.route.push(group.route);
    batches.lowestPhone.push(group.lowest);
    batches.highestPhone.push(group.highest);
    this.#gathered -= rows.length;
    group.rows = [];
    group.lowest = Number.POSITIVE_INFINITY;
    group.highest = 0;
    return text;
  }

  #fullest(): Group {
    return [...this.#all()].reduce((most, group) => (group.rows.length > most.rows.length ? group : most));
  }

  *#all(): Generator<Group> {
    for (const countries of this.#groups.values()) yield* countries.values();
  }
}
