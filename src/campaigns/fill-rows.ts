// Turns the rows of a campaign into those of its messages, for COPY, and keeps the sums that its own row needs. What is
// wrong with a row is told and the row left out. Called by fill.ts.

import type { Db } from '../db/index.ts';
import { invalid, Refusal } from '../http/index.ts';
import type { Review } from '../moderation/index.ts';
import { countryOf, isMsisdn, type PrefixTable } from '../phones/index.ts';
import { loadPriceTable } from '../tariffs/index.ts';
import type { Batches } from './batches.ts';
import { limits } from './limits.ts';
import { chunkLength } from './message-rows.ts';
import type { Prices } from './price.ts';
import { PriceTally } from './price-tally.ts';
import { wrongNumber, wrongReference } from './recipients.ts';
import { SeenNumbers } from './seen-numbers.ts';
import { SenderChecks } from './sender-checks.ts';
import { checkText, textProblem } from './sent-text.ts';
import { WayBatches } from './way-batches.ts';

/** Rows of a campaign, some hundreds or thousands; element i of each array belongs to row i. */
export type FillChunk = {
  /** Where a row stands in its source, for those who are told of it. */
  lines: readonly number[];
  phones: readonly number[];
  /** As they are sent; null: the campaign's own text. */
  texts: readonly (string | null)[];
  /** Null, or null for all: the campaign's own. */
  senders: readonly (string | null)[] | null;
  /** The customer's own ids of the messages. */
  references: readonly (string | undefined)[] | null;
  /** By which tariff each is priced; null or absent: the campaign's own. */
  tariffIds?: readonly (number | null)[] | null;
};

/** Why a row was left out: its number has a message already, or something is wrong with it. */
export type Rejection = 'duplicate' | 'invalid';

export type FillOptions = {
  /** An upper bound of the rows that will come, at most `fillLimit`: so many ids are reserved. */
  rowLimit: number;
  /** Keeps every row of a number that comes again, instead of its first only. */
  keepRepeated?: boolean;
  /** Told after each chunk how many rows were read. */
  onProgress?(rows: number): void;
  /** Told of every row that was left out, with its line; awaited where it gives a promise. */
  onRejected?(line: number, reason: string, why: Rejection): void | Promise<void>;
};

/** What the writer must know of a campaign in `creation`. */
export type Target = {
  id: number;
  accountId: number;
  sender: string;
  text: string;
  test: boolean;
  tariffId: number;
  currency: string;
  respectCurfew: boolean;
  unconfirmed: boolean;
};

/** What is read before the transaction begins. */
export type Plan = {
  /** Where the reserved ids begin. */
  firstId: number;
  /** Which operators a number goes to; null where that is the same for all. */
  ways: PrefixTable<string> | null;
  review: Review;
};

export type Work = Plan & {
  target: Target;
  chunks: AsyncIterable<FillChunk>;
  options: FillOptions;
  /** Throws where the campaign has left `creation`. */
  stillOpen(): Promise<void>;
};

/** Rows after which is looked whether the campaign was stopped meanwhile: half a second or so. */
const lookEvery = 100_000;
/** Texts that moderation looks at in one go: some milliseconds. */
const reviewSize = 100;

/** What was found of a text: its parts and its column for COPY, which is null for the campaign's own; or what is wrong. */
type Measured = { parts: number; column: string } | { wrong: string };

export class FillRows {
  readonly prices: PriceTally;
  /** Rows left out because something is wrong with them. */
  rejected = 0;
  /** Rows left out because their number has a message already. */
  duplicates = 0;
  /** Different numbers. */
  phoneCount = 0;
  hasReferences = false;
  readonly #db: Db;
  readonly #work: Work;
  readonly #senders: SenderChecks;
  readonly #table: Prices;
  /** Of the tariffs that rows name. */
  readonly #tables = new Map<number, Prices>();
  readonly #ways: WayBatches;
  readonly #seen = new SeenNumbers();
  /** The last text and what was found of it: the same one often comes again at once. */
  #text: string | null | undefined;
  #measured: Measured = { parts: 0, column: '' };
  #toReview: string[] = [];

  /** @param table of the campaign's own tariff */
  constructor(db: Db, work: Work, table: Prices) {
    this.#db = db;
    this.#work = work;
    this.#table = table;
    this.prices = new PriceTally(work.target.test);
    this.#senders = new SenderChecks(db, work.target.accountId, work.review);
    this.#ways = new WayBatches(work.firstId, work.ways);
  }

  /** The batches that the rows so far make. */
  get batches(): Batches {
    return this.#ways.batches;
  }

  /** All rows of the campaign's messages, in pieces of some hundred kilobytes. To be read once. */
  async *rows(): AsyncGenerator<string> {
    let out = '';
    for await (const row of this.#batchRows()) {
      out += row;
      if (out.length < chunkLength) continue;
      yield out;
      out = '';
    }
    if (out !== '') yield out;
  }

  async *#batchRows(): AsyncGenerator<string> {
    const { chunks, options, stillOpen } = this.#work;
    let read = 0;
    let looked = 0;
    for await (const chunk of chunks) {
      read += chunk.phones.length;
      if (read > options.rowLimit) throw tooMany(options.rowLimit);
      await this.#loadTables(chunk);
      for (let i = 0; i < chunk.phones.length; i += 1) {
        const taken = this.#take(chunk, i);
        const batch = typeof taken === 'string' ? taken : await taken;
        if (batch !== '') yield batch;
        if (this.#toReview.length >= reviewSize) await this.#review();
      }
      if (read - looked >= lookEvery) {
        await stillOpen();
        looked = read;
      }
      options.onProgress?.(read);
    }
    await this.#review();
    yield* this.#ways.rest();
  }

  /** Takes in row `i` and gives the rows of the batch that it fills, if it does; a promise where something is asked. */
  #take(chunk: FillChunk, i: number): string | Promise<string> {
    const { target, options } = this.#work;
    const line = chunk.lines[i]!;
    const phone = chunk.phones[i]!;
    if (!isMsisdn(phone)) return this.#reject(line, wrongNumber, 'invalid');
    const country = countryOf(phone);
    const sender = chunk.senders?.[i] ?? target.sender;
    const refusal = this.#senders.known(sender, country);
    if (refusal === undefined) return this.#askFirst(chunk, i, sender, country);
    if (refusal !== null) return this.#refuse(line, sender, refusal);
    const reference = chunk.references?.[i];
    if (reference !== undefined && !limits.reference.pattern.test(reference)) {
      return this.#reject(line, wrongReference, 'invalid');
    }
    const text = chunk.texts[i]!;
    if (text !== this.#text) this.#measure(text);
    const measured = this.#measured;
    if ('wrong' in measured) return this.#reject(line, measured.wrong, 'invalid');
    if (this.#seen.add(phone)) this.phoneCount += 1;
    else if (options.keepRepeated !== true) return this.#reject(line, repeated, 'duplicate');
    if (reference !== undefined) this.hasReferences = true;
    const tariffId = chunk.tariffIds?.[i];
    const table = tariffId === undefined || tariffId === null ? this.#table : this.#tables.get(tariffId)!;
    const fate = this.prices.add(phone, measured.parts, table);
    const columns = `${reference ?? '\\N'}\t${sender === target.sender ? '\\N' : sender}\t${measured.column}`;
    return this.#ways.add(
      phone,
      target.respectCurfew ? (country ?? null) : null,
      `${phone}\t${target.id}\t${fate}\t${columns}\n`,
    );
  }

  async #askFirst(chunk: FillChunk, i: number, sender: string, country: string | undefined): Promise<string> {
    const refusal = await this.#senders.ask(sender, country);
    if (refusal === null) return this.#take(chunk, i);
    return this.#refuse(chunk.lines[i]!, sender, refusal);
  }

  /** A sender that may not be used: the campaign's own ends it all. */
  #refuse(line: number, sender: string, refusal: string): string | Promise<string> {
    if (sender === this.#work.target.sender) throw invalid({ sender: [refusal] });
    return this.#reject(line, refusal, 'invalid');
  }

  #measure(text: string | null): void {
    const { target, review } = this.#work;
    const sent = text ?? target.text;
    this.#text = text;
    const wrong = textProblem(sent);
    const checked = wrong === undefined ? checkText(sent, false) : { wrong };
    if ('wrong' in checked) {
      this.#measured = checked;
      return;
    }
    this.#measured = { parts: checked.parts, column: sent === target.text ? '\\N' : escaped(sent) };
    if (review.wantsTexts) this.#toReview.push(sent);
  }

  #reject(line: number, reason: string, why: Rejection): string | Promise<string> {
    if (why === 'duplicate') this.duplicates += 1;
    else this.rejected += 1;
    const told = this.#work.options.onRejected?.(line, reason, why);
    return told === undefined ? '' : told.then(() => '');
  }

  async #review(): Promise<void> {
    const texts = this.#toReview;
    this.#toReview = [];
    await this.#work.review.seeTexts(texts);
  }

  async #loadTables({ tariffIds }: FillChunk): Promise<void> {
    for (const id of new Set(tariffIds)) {
      if (id !== null && !this.#tables.has(id)) this.#tables.set(id, await loadPriceTable(this.#db, id));
    }
  }
}

const repeated = 'The number has come before: it gets one message.';

function tooMany(limit: number): Refusal {
  const message = `There are more than the ${limit} rows that were announced.`;
  return new Refusal(422, 'too_many_rows', message, { rows: [message] });
}

/** What COPY's text format cannot hold as it is. */
const special = /[\\\t\n\r]/;
const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** A text as a column of COPY. */
function escaped(text: string): string {
  return special.test(text) ? text.replace(/[\\\t\n\r]/g, (character) => escapes[character]!) : text;
}
