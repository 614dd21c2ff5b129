// What people do while machines fail: authors create, pause, resume and stop campaigns, moderators decide, somebody
// tops up. Every request goes over HTTP to processes that may die under it.

import { makeGroup } from '../test/support/contacts.ts';
import type { Answer, Client } from './client.ts';
import { fileOf, type Order, wordOf } from './orders.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

/** An action that was answered with success, which no fault may undo. */
export type Deed = { action: string; campaign: number };

export type People = {
  /** The campaign of each order, by its index; those that were not answered before the end are missing. */
  campaigns: Map<number, number>;
  deeds: Deed[];
  topUps: number;
  /** Orders that were refused, which none should be. */
  refused: string[];
};

const actions = ['pause', 'pause', 'pause', 'resume', 'resume', 'resume', 'stop'] as const;
const decisions = ['approve', 'approve', 'reject'] as const;
const topUpAmount = '12.5';
/** Orders come within this time, and the pause between two actions is at most so long. */
const ordersWithinMs = 4000;
const longestPauseMs = 900;
/** How often a campaign whose file is being read is looked at. */
const creationLookMs = 250;

/** The money of all top-ups of people, in units of 10^-7. */
export function topUpsE7(people: People): bigint {
  return BigInt(people.topUps) * 125_000_000n;
}

const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

/** Fills the contact book with the groups that orders are sent to, before anything fails; gives them by order. */
export async function makeGroups(world: World, orders: readonly Order[]): Promise<Map<number, number>> {
  const groups = new Map<number, number>();
  const db = await world.db();
  for (const { index, account, way, phones } of orders) {
    if (way !== 'groups') continue;
    const contacts = phones.map((phone) => ({ phone, word: wordOf(phone) }));
    groups.set(index, await makeGroup(db, world.customers[account]!.id, contacts));
  }
  return groups;
}

const paths = {
  send: '/api/campaigns/sms/send',
  import: '/api/campaigns/sms/import',
  groups: '/api/campaigns/sms/send-groups',
} as const;

/** What an order's request holds. */
function bodyOf(order: Order, group: number | undefined): object {
  const startAt = order.inSeconds === 0 ? {} : { start_at: moment(order.inSeconds) };
  const body = { sender: 'Carillon', text: order.text, uncertain: order.uncertain, ...startAt };
  if (order.way === 'send') return { ...body, phones: order.phones.map((number) => ({ number })) };
  if (order.way === 'groups') return { ...body, groups: [group] };
  const form = new FormData();
  for (const [name, value] of Object.entries(body)) form.append(name, value);
  form.append('file', new Blob([fileOf(order)]), `${order.index}.csv`);
  return form;
}

/** Sends every order; resolves when all are answered. */
export async function sendOrders(
  world: World,
  client: Client,
  orders: readonly Order[],
  random: Random,
  people: People,
  groups: ReadonlyMap<number, number>,
): Promise<void> {
  const delays = orders.map(({ index }) => (index < 3 ? 0 : random.whole(0, ordersWithinMs)));
  await Promise.all(
    orders.map(async (order, i) => {
      await pause(delays[i]!);
      const body = bodyOf(order, groups.get(order.index));
      const { key } = world.customers[order.account]!;
      for (;;) {
        const answer = await client.surely(key, 'POST', paths[order.way], body, `order ${order.index}`);
        if (answer === undefined) return;
        if (answer.status === 200) {
          people.campaigns.set(order.index, answer.body.data!.id);
          return;
        }
        // A process whose clock was moved finds the start too late or too far ahead; another time it does not.
        if (answer.status !== 422 || order.inSeconds === 0) {
          people.refused.push(`order ${order.index}: ${answer.status} ${JSON.stringify(answer.body)}`);
          return;
        }
        await pause(200);
      }
    }),
  );
}

function moment(inSeconds: number): string {
  return new Date(Date.now() + inSeconds * 1000).toISOString();
}

/** Does one thing after the other until `over`. */
export async function live(
  world: World,
  client: Client,
  orders: readonly Order[],
  random: Random,
  people: People,
  over: () => boolean,
): Promise<void> {
  while (!over()) {
    const chosen = random.pick(orders);
    const decides = chosen.held && random.chance(0.6);
    const pays = random.chance(0.15);
    const action = decides ? random.pick(decisions) : random.pick(actions);
    await pause(random.whole(50, longestPauseMs));
    if (pays) {
      const customer = world.customers[chosen.account]!;
      const answer = await client.surely(
        world.cashier,
        'POST',
        `/admin/api/accounts/${customer.id}/top-up`,
        { amount: topUpAmount },
        `top-up ${people.topUps}`,
      );
      if (answer?.status === 200) people.topUps++;
      else if (answer !== undefined) people.refused.push(`top-up: ${answer.status}`);
      continue;
    }
    const campaign = people.campaigns.get(chosen.index);
    if (campaign === undefined) continue;
    const answer = decides
      ? await decide(world, client, campaign, action)
      : await client.once(
          world.customers[chosen.account]!.key,
          'PATCH',
          `/api/campaigns/${campaign}/${action}`,
        );
    if (answer === undefined) continue;
    if (answer.status === 200) people.deeds.push({ action, campaign });
    // What is not possible now is refused.
    else if (![404, 409, 422].includes(answer.status)) {
      people.refused.push(`${action} of campaign ${campaign}: ${answer.status} ${answer.body.message}`);
    }
  }
}

/**
 * Everything that waits for a person is decided: held campaigns are approved, paused ones resumed. Those whose files are
 * still being read are waited for.
 */
export async function finish(
  world: World,
  client: Client,
  orders: readonly Order[],
  people: People,
): Promise<void> {
  for (const { index, account } of orders) {
    const campaign = people.campaigns.get(index);
    if (campaign === undefined) continue;
    const { key } = world.customers[account]!;
    const path = `/api/campaigns/${campaign}`;
    let status = await statusOf(client, key, path);
    while (status === 'creation' || status === 'moderation' || status === 'paused') {
      if (status === 'creation') await pause(creationLookMs);
      else if (status === 'moderation') await decide(world, client, campaign, 'approve');
      else await client.once(key, 'PATCH', `${path}/resume`);
      status = await statusOf(client, key, path);
    }
  }
}

async function statusOf(client: Client, key: string, path: string): Promise<string | undefined> {
  return (await client.surely(key, 'GET', path))?.body.data?.status;
}

function decide(world: World, client: Client, campaign: number, action: string): Promise<Answer | undefined> {
  const body = action === 'reject' ? { reason: 'A forbidden word' } : undefined;
  return client.once(world.moderator, 'POST', `/admin/api/moderation/${campaign}/${action}`, body);
}
