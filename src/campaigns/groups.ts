// A send to groups of contacts: the text rendered for each by the values of its fields, everybody once, without those on
// the stop list. Some are written within the request, more in the background. Called by personal-routes.ts and
// universal-routes.ts, and as a task by src/tasks.ts.

import { streamRecipients } from '../contacts/index.ts';
import { type Db, newClient } from '../db/index.ts';
import { type FieldErrors, invalid, Refusal } from '../http/index.ts';
import { addJob, type Task } from '../jobs/index.ts';
import type { Buyer, Transact } from './create.ts';
import { refused } from './errors.ts';
import { createFilled, fillCampaign, fillLimit } from './fill.ts';
import type { FillChunk } from './fill-rows.ts';
import {
  fieldsOf,
  lacks,
  type Reach,
  reachOf,
  readGroupIds,
  refuseUnknownGroups,
  type Source,
  sourcesOf,
} from './group-order.ts';
import { insertOpenCampaign, takeMessageBlock } from './insert.ts';
import { abandonCampaign, readDraft } from './open.ts';
import { type Body, readObject } from './order.ts';
import { type PersonalText, readPersonalText } from './personal-text.ts';
import { type Recipients, readRecipients } from './recipients.ts';
import { withoutStopped } from './stopped.ts';

/** Contacts that are written within the request, in about half a second. */
const atOnce = 50_000;

/** The task that fills a campaign to groups in the background. */
export const fillGroupsTask = 'campaigns.fill-groups';

/** What the task is given: the campaign, and what its row does not say. */
type Payload = {
  campaignId: number;
  accountId: number;
  groupIds: number[];
  text: string;
  transliterate: boolean;
  checkStopList: boolean;
  /** Numbers besides the groups. */
  phones: Phones | null;
};

/** Numbers that a request names besides its groups, with the customer's own ids of their messages. */
type Phones = Pick<Recipients, 'numbers' | 'references'>;

export type GroupOptions = {
  checkStopList: boolean;
  transact: Transact;
  /** Told whom it reaches before the transaction ends, in which the answer to a request may be read. */
  onReach?(reach: Reach): void;
  /** How many are written within the request; another number is for tests. */
  atOnce?: number;
  now?: Date;
};

/**
 * Creates the campaign that a request body asks for: the fields of any send, and `groups`, or `contacts`, as the
 * published schema calls them where it says what is required; and `phones` besides, for universal sends. Throws a Refusal and does nothing else.
 *
 * @returns its id; it is in `creation`, where its recipients are many, until they are written
 */
export async function createToGroups(
  db: Db,
  buyer: Buyer,
  body: unknown,
  options: GroupOptions,
): Promise<{ id: number }> {
  const { checkStopList, transact, now = new Date() } = options;
  const { accountId } = buyer;
  const errors: FieldErrors = {};
  const fields: Body = readObject(body, errors);
  const path = fields.groups === undefined && fields.contacts !== undefined ? 'contacts' : 'groups';
  const groupIds = readGroupIds(fields[path], path, errors);
  if (groupIds.length > 0) await refuseUnknownGroups(db, accountId, groupIds, path, errors);
  const text = readPersonalText(fields.text, fields.transliterate === true);
  const sources = 'wrong' in text ? undefined : await sourcesOf(db, accountId, text, errors);
  const named =
    fields.phones === undefined ? null : readRecipients(fields.phones, 'phones', 'number', errors);
  const draft = await readDraft(db, buyer, body, errors, now);
  if (draft === undefined || sources === undefined) throw invalid(errors);

  const said = { text: draft.text, sources };
  const phones = named !== null && checkStopList ? await withoutStopped(db, accountId, named) : named;
  const reach = await reachOf(db, accountId, groupIds, said, checkStopList, errors);
  if (Object.keys(errors).length > 0) throw invalid(errors);
  reach.recipients += phones?.numbers.length ?? 0;
  if (reach.recipients === 0) throw refused.empty(path, nobodyWords(reach));
  if (reach.recipients > fillLimit) {
    throw invalid({
      [path]: [`A campaign has at most ${fillLimit} messages, and these are ${reach.recipients}.`],
    });
  }
  options.onReach?.(reach);
  if (reach.recipients <= (options.atOnce ?? atOnce)) {
    const chunks = rendered(db, { accountId, groupIds, checkStopList, phones }, said);
    return createFilled(db, draft.row, chunks, limitsFor(reach), transact);
  }
  const firstMessageId = await takeMessageBlock(db, 1);
  const id = await transact(async (client) => {
    const campaignId = await insertOpenCampaign(client, { ...draft.row, firstMessageId });
    const payload: Payload = {
      ...{ campaignId, accountId, groupIds, checkStopList, phones },
      text: String(fields.text),
      transliterate: fields.transliterate === true,
    };
    await addJob(client, fillGroupsTask, payload);
    return campaignId;
  });
  return { id };
}

/** Fills a campaign that createToGroups has left in `creation`; one that cannot be filled is abandoned with the reason. */
export const fillGroups: Task = async (payload, { db, signal, last, log }) => {
  const { campaignId, accountId, groupIds, checkStopList, phones, ...said } = payload as Payload;
  try {
    const errors: FieldErrors = {};
    const text = readPersonalText(said.text, said.transliterate);
    if ('wrong' in text) throw invalid({ text: [text.wrong] });
    const sources = await sourcesOf(db, accountId, text, errors);
    if (sources === undefined) throw invalid(errors);
    const reach = await reachOf(db, accountId, groupIds, { text, sources }, checkStopList, errors);
    if (Object.keys(errors).length > 0) throw invalid(errors);
    reach.recipients += phones?.numbers.length ?? 0;
    if (reach.recipients === 0) throw refused.empty('groups', nobodyWords(reach));
    const chunks = rendered(db, { accountId, groupIds, checkStopList, phones }, { text, sources }, signal);
    await fillCampaign(db, campaignId, chunks, limitsFor(reach));
  } catch (error) {
    if (error instanceof Refusal) {
      // Somebody has stopped it, or an earlier try has filled it.
      if (error.code === 'not_in_creation') return;
      await abandonCampaign(db, campaignId, reasonOf(error));
      return;
    }
    log.warn({ err: error, campaignId }, 'a campaign to groups was not written');
    if (last) await abandonCampaign(db, campaignId, 'Its messages could not be written: send it again.');
    throw error;
  }
};

/** Ids for whom it reaches, and for some who join the groups meanwhile. */
function limitsFor({ recipients }: Reach) {
  return { rowLimit: Math.min(fillLimit, recipients + Math.ceil(recipients / 100) + 100), onRejected };
}

/** A contact that could not be sent to ends it all: a text too long, or a value that was taken away meanwhile. */
function onRejected(_line: number, reason: string, why: 'duplicate' | 'invalid'): void {
  if (why === 'invalid') throw invalid({ text: [`For one of the contacts: ${reason}`] });
}

type Whom = Pick<Payload, 'accountId' | 'groupIds' | 'checkStopList' | 'phones'>;

/**
 * The numbers of the request, then the contacts of its groups in the order of their ids, with their rendered texts. On a
 * connection of its own, as that of
 * the campaign's transaction is busy with COPY, and outside of the pool, which might have none left for it.
 */
export async function* rendered(
  db: Db,
  { accountId, groupIds, checkStopList, phones }: Whom,
  { text, sources }: { text: PersonalText; sources: readonly Source[] },
  signal?: AbortSignal,
): AsyncGenerator<FillChunk> {
  const client = await newClient(db);
  try {
    await client.query('begin transaction isolation level repeatable read, read only');
    const fieldIds = fieldsOf(sources);
    const columns = sources.map((source) => (source === 'phone' ? -1 : fieldIds.indexOf(source)));
    const values: (string | null)[] = [];
    const textNow = () => {
      const one = text.render(values);
      if (one !== undefined) return one;
      const name = text.written[values.findIndex((value, k) => !text.optional[k] && !value?.trim())] ?? '';
      throw invalid({ text: [lacks(name)] });
    };
    if (phones !== null) {
      const texts = phones.numbers.map((phone) => {
        for (let k = 0; k < columns.length; k += 1) values[k] = columns[k] === -1 ? String(phone) : null;
        return textNow();
      });
      // JSON turns what is absent in an array into null.
      const references = phones.references.map((reference) => reference ?? undefined);
      yield { lines: phones.numbers, phones: phones.numbers, texts, senders: null, references };
    }
    const contacts = streamRecipients(client, accountId, [...new Set(groupIds)], {
      stopList: checkStopList,
      fieldIds,
    });
    for await (const chunk of contacts) {
      signal?.throwIfAborted();
      const texts = chunk.phones.map((phone, i) => {
        for (let k = 0; k < columns.length; k += 1) {
          values[k] = columns[k] === -1 ? String(phone) : chunk.values[columns[k]!]![i]!;
        }
        return textNow();
      });
      yield { lines: chunk.ids, phones: chunk.phones, texts, senders: null, references: null };
    }
  } finally {
    await client.end();
  }
}

function nobodyWords({ stop_listed }: Reach): string {
  return stop_listed > 0
    ? `All ${stop_listed} contacts of these groups are on the stop list.`
    : 'There is no contact in these groups.';
}

/** A refusal in one sentence for the author, who is not there any more. */
function reasonOf(error: Refusal): string {
  return Object.values(error.errors ?? {})[0]?.[0] ?? error.message;
}
