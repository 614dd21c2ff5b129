// What must hold when a round has come to rest, whatever happened in it. Each sentence that does not hold is a breach.
import type { Db } from '../src/db/index.ts';
import { examine } from '../src/doctor/index.ts';
import { Reason, Status, statusName } from '../src/messages/index.ts';
import { badRows, finalState, type Order, textFor } from './orders.ts';
import { type Deed, type People, topUpsE7 } from './people.ts';
import { inFlightOfProcess, type World } from './world.ts';

export type Verdict = {
  breaches: string[];
  messages: number;
  /** Submits that the operators accepted, each part of a long message for itself. */
  accepted: number;
  /** Messages that were sent again, each time counted. */
  duplicates: number;
  /** Messages that were written down as perhaps sent. */
  uncertain: number;
  /** Messages whose end is not known: at most once, or tried as often as they may be. */
  unknown: number;
};

type Row = {
  id: number;
  campaign: number;
  batch: number;
  phone: number;
  status: number;
  error: number | null;
  parts: number;
};

/** Examples of each kind of breach. */
const exampleLimit = 5;

/** States of a campaign that no further step leads out of. */
const ends = ['done', 'stopped', 'spam'];

/** Judges a round whose processes have all stopped. `allowed`: how many second sends its faults may have cost. */
export async function judge(
  world: World,
  orders: readonly Order[],
  people: People,
  allowed: number,
): Promise<Verdict> {
  const db = await world.db();
  const found = new Map<string, string[]>();
  const breach = (what: string, example: string) => {
    found.set(what, [...(found.get(what) ?? []), example]);
  };

  for (const { name, severity, examples } of (await examine(db)).breaches) {
    breach(`doctor: ${name} (${severity})`, examples.join('; '));
  }
  const { rows: campaigns } = await db.pool.query<{ id: number; status: string; open: number }>(
    'select id, status, open_batches as open from campaign order by id',
  );
  if (campaigns.length !== orders.length)
    breach('each order makes one campaign', `${orders.length} orders, ${campaigns.length} campaigns`);
  for (const { id, status, open } of campaigns) {
    if (!ends.includes(status) || open > 0)
      breach('every campaign comes to its end', `campaign ${id} is ${status} with ${open} open batches`);
  }
  const statusOf = new Map(campaigns.map(({ id, status }) => [id, status]));
  for (const deed of people.deeds) {
    const wrong = undone(deed, statusOf.get(deed.campaign));
    if (wrong !== undefined) breach('what was answered with success stands', wrong);
  }
  for (const refusal of people.refused) breach('what is allowed is not refused', refusal);
  await judgeMoney(db, world, people, breach);
  const emptied = await judgeImports(db, orders, people, statusOf, breach);

  const rows = await selectMessages(db);
  const perCampaign = Map.groupBy(rows, ({ campaign }) => campaign);
  const submits = (phone: number) =>
    world.operators.reduce((sum, { simulator }) => sum + (simulator.submits().get(phone) ?? 0), 0);
  const againPerBatch = new Map<number, number>();
  let duplicates = 0;
  let unknown = 0;
  for (const order of orders) {
    const campaign = people.campaigns.get(order.index);
    const messages = campaign === undefined ? [] : (perCampaign.get(campaign) ?? []);
    // Stopped before its file was read.
    if (campaign !== undefined && emptied.has(campaign) && messages.length === 0) continue;
    const missing = new Set(order.phones);
    for (const { phone } of messages) missing.delete(phone);
    if (missing.size > 0 || messages.length !== order.phones.length) {
      breach(
        'every number of an order has one message',
        `order ${order.index} of ${order.phones.length} numbers: ${messages.length} messages, ${missing.size} numbers without one`,
      );
    }
    for (const row of messages) {
      const copies = submits(row.phone);
      const again = Math.max(0, Math.ceil(copies / row.parts) - 1);
      const said = wrongText(world, row, order);
      if (said !== undefined) breach('every number gets exactly its text', said);
      const wrong = wrongEnd(row, order, copies, statusOf.get(row.campaign) ?? '');
      if (wrong !== undefined) breach(wrong, describe(row, copies));
      if (row.status === Status.timedOut) unknown++;
      if (again === 0) continue;
      duplicates += again;
      againPerBatch.set(row.batch, (againPerBatch.get(row.batch) ?? 0) + again);
    }
  }

  const events = await selectUncertain(db);
  let uncertain = 0;
  const logged = new Map<number, number>();
  for (const { firstId, messages, cause } of events) {
    uncertain += messages;
    logged.set(firstId, (logged.get(firstId) ?? 0) + messages);
    if (messages > inFlightOfProcess)
      breach(
        'no more is uncertain at once than may be on its way',
        `${messages} messages of batch ${firstId} by ${cause}`,
      );
  }
  for (const [batch, again] of againPerBatch) {
    if (again > (logged.get(batch) ?? 0))
      breach(
        'every second send is logged',
        `batch ${batch}: ${again} sent again, ${logged.get(batch) ?? 0} logged`,
      );
  }
  if (duplicates > allowed)
    breach(
      'second sends stay within the in-flight limit per session and fault',
      `${duplicates} of ${allowed}`,
    );

  const accepted = world.operators.reduce((sum, { simulator }) => sum + simulator.stats().accepted, 0);
  const breaches = [...found].map(([what, examples]) => {
    const more = examples.length > exampleLimit ? ` (and ${examples.length - exampleLimit} more)` : '';
    return `${what}: ${examples.slice(0, exampleLimit).join('; ')}${more}`;
  });
  return { breaches, messages: rows.length, accepted, duplicates, uncertain, unknown };
}

/** What is wrong with the end of a message: the sentence that it breaks. */
function wrongEnd(row: Row, order: Order, copies: number, campaign: string): string | undefined {
  const { status, error, parts, phone } = row;
  if (order.uncertain === 'unknown' && copies > parts) return 'at most once: none is sent twice';
  if (status === Status.failed) {
    if (copies > 0) return 'what failed and was refunded was not sent';
    if (error === Reason.cancelled || error === Reason.rejected) {
      return ['stopped', 'spam'].includes(campaign) ? undefined : 'only stopped campaigns are cancelled';
    }
    return finalState(phone) === Status.failed ? undefined : 'only what the operator refuses fails';
  }
  if (status === Status.timedOut) {
    // Where the operator refuses the second copy, nobody knows of the first.
    const mayBeUnknown =
      error === Reason.noResponse ||
      order.uncertain === 'unknown' ||
      ['stopped', 'spam'].includes(campaign) ||
      finalState(phone) === Status.failed;
    return mayBeUnknown ? undefined : 'at least once: what is uncertain is sent again';
  }
  if (status !== finalState(phone)) return 'the report says what the operator said';
  // A part that failed decides for the whole, so what had not left of it by then need not follow.
  const decidedByOne = copies > 0 && status !== Status.delivered;
  if (copies < parts && !decidedByOne) return 'nothing is lost on its way to the operator';
  return undefined;
}

/** What was said to a number other than its text: all of it where it was delivered, else what came of it. */
function wrongText(world: World, { id, phone, status }: Row, order: Order): string | undefined {
  const expected = textFor(order, phone);
  // Either operator may have had it, each a part or a copy.
  const heard = [...new Set(world.operators.flatMap(({ texts }) => texts.of(phone)))];
  const whole = status === Status.delivered && world.operators.length > 0;
  const isRight =
    heard.every((part) => expected.includes(part)) && (!whole || heard.join('').length === expected.length);
  return isRight ? undefined : `message ${id} to ${phone}: "${heard.join('|')}" instead of "${expected}"`;
}

/** Imports have ended, by what their files say; gives the campaigns that were stopped before theirs was read. */
async function judgeImports(
  db: Db,
  orders: readonly Order[],
  people: People,
  statusOf: ReadonlyMap<number, string>,
  breach: (what: string, example: string) => void,
): Promise<Set<number>> {
  const { rows } = await db.pool.query<{
    id: number;
    campaign: number;
    state: string;
    accepted: number;
    rejected: number;
    error: string | null;
  }>('select id, campaign_id as campaign, state, accepted, rejected, error from import order by id');
  const emptied = new Set<number>();
  const byCampaign = new Map(orders.map((order) => [people.campaigns.get(order.index), order]));
  for (const { id, campaign, state, accepted, rejected, error } of rows) {
    const about = `import ${id} of campaign ${campaign} is ${state} (${error})`;
    const order = byCampaign.get(campaign);
    if (state === 'done') {
      if (order !== undefined && (accepted !== order.phones.length || rejected !== badRows))
        breach('every row of a file counts once', `${about}: ${accepted} accepted, ${rejected} rejected`);
    } else if (state === 'cancelled' && statusOf.get(campaign) === 'stopped') emptied.add(campaign);
    else breach('every import comes to its end', about);
  }
  const imported = orders.filter(({ way }) => way === 'import').length;
  if (rows.length !== imported)
    breach('each upload makes one import', `${imported} uploads, ${rows.length} imports`);
  const { rowCount } = await db.pool.query('select from import_chunk');
  if (rowCount !== 0) breach('no file is left', `${rowCount} pieces of files are kept`);
  return emptied;
}

function describe({ id, campaign, status, error, parts, phone }: Row, copies: number): string {
  return `message ${id} of campaign ${campaign} to ${phone} is ${statusName(status)} (${error}), ${copies} submits of ${parts} parts`;
}

function undone({ action, campaign }: Deed, status: string | undefined): string | undefined {
  const right = action === 'stop' ? 'stopped' : action === 'reject' ? 'spam' : undefined;
  return right === undefined || right === status
    ? undefined
    : `${action} of campaign ${campaign}: it is ${status}`;
}

async function judgeMoney(
  db: Db,
  world: World,
  people: People,
  breach: (what: string, example: string) => void,
): Promise<void> {
  const { rows } = await db.pool.query<{ sum: string }>(
    `select sum(amount_e7)::text as sum from ledger where kind = 'top_up' and note is null`,
  );
  const booked = BigInt(rows[0]!.sum) - BigInt(world.customers.length) * 10_000_000_000n;
  if (booked !== topUpsE7(people)) {
    breach('each top-up is booked once', `${topUpsE7(people)} were answered, ${booked} are booked`);
  }
}

async function selectMessages(db: Db): Promise<Row[]> {
  const { rows } = await db.pool.query<Row>(
    `select m.id, m.campaign_id as campaign, b.first_id as batch, m.phone, m.status, m.error, m.parts
     from batch b join message m on m.campaign_id = b.campaign_id and m.id between b.first_id and b.last_id`,
  );
  return rows;
}

async function selectUncertain(db: Db) {
  const { rows } = await db.pool.query<{ firstId: number; messages: number; cause: string }>(
    'select first_id as "firstId", messages, cause from uncertain_event',
  );
  return rows;
}
