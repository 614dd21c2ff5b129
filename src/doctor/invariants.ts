// What must always hold in the database of an installation: one query per invariant, each of which finds the rows
// that break it. Run by index.ts for `carillon doctor` and at the end of crash tests.
import { redactedPhone } from '../messages/redact.ts';
import { moneyStates, receiptStatuses, Status, type StatusName } from '../messages/status.ts';
import { contactInvariants } from './contact-invariants.ts';
import type { Invariant } from './invariant.ts';

/** Numbers of statuses in SQL: `in (1, 2)`. */
const codes = (...names: StatusName[]) => names.map((name) => Status[name]).join(', ');

/** The rows (on_delivery, status, held, taken): what a message's price is in each state, from the one table of states. */
const moneyRows = (['sent', 'delivered'] as const)
  .flatMap((billOn) =>
    Object.entries(moneyStates[billOn]).map(
      ([name, state]) =>
        `(${billOn === 'delivered'}, ${Status[name as StatusName]}, ${state === 'held' ? 1 : 0}, ${state === 'free' ? 0 : 1})`,
    ),
  )
  .join(', ');

/** Messages are counted once, and every invariant about them reads this. */
export const prepare = `
create temporary table counted on commit drop as
  select campaign_id, status, on_delivery, count(*) as n, sum(price_e7) as price_e7, min(id) as first_id,
    max(id) as last_id,
    count(*) filter (where phone = ${redactedPhone}) as redacted,
    count(*) filter (where phone = ${redactedPhone} and (reference_id is not null or text <> '')) as half_redacted
  from message group by campaign_id, status, on_delivery;

create temporary table money on commit drop as
  select c.id as campaign_id, c.account_id,
    coalesce(sum(m.price_e7 * s.held), 0) as held_e7, coalesce(sum(m.price_e7 * s.taken), 0) as taken_e7
  from campaign c
  left join counted m on m.campaign_id = c.id
  left join (values ${moneyRows}) as s (on_delivery, status, held, taken)
    on s.on_delivery = m.on_delivery and s.status = m.status
  group by c.id;`;

export const invariants: readonly Invariant[] = [
  {
    name: 'counters-complete',
    holds: 'the counters of a campaign sum to its number of messages',
    severity: 'error',
    sql: `
select format('campaign %s has %s messages, its counters sum to %s', c.id, c.message_count, coalesce(k.n, 0)) as detail
from campaign c left join (select campaign_id, sum(n) as n from campaign_count group by campaign_id) k
  on k.campaign_id = c.id
where c.message_count <> coalesce(k.n, 0) order by c.id`,
  },
  {
    name: 'counters-true',
    holds: 'the counters of a campaign equal a count over its messages, and their prices too',
    severity: 'error',
    sql: `
select format('campaign %s, status %s, billed when %s: the counters say %s messages for %s, there are %s for %s',
  campaign_id, status, case when on_delivery then 'delivered' else 'sent' end,
  coalesce(k.n, 0), coalesce(k.price_e7, 0), coalesce(m.n, 0), coalesce(m.price_e7, 0)) as detail
from (select campaign_id, status, on_delivery, sum(n) as n, sum(price_e7) as price_e7 from campaign_count group by 1, 2, 3) k
  full join counted m using (campaign_id, status, on_delivery)
where coalesce(k.n, 0) <> coalesce(m.n, 0) or coalesce(k.price_e7, 0) <> coalesce(m.price_e7, 0)
order by campaign_id, status`,
  },
  {
    name: 'message-range',
    holds: "a campaign's messages are exactly the ids of its block, which no other campaign may get",
    severity: 'error',
    sql: `
select format('campaign %s has the ids %s to %s, its %s messages lie between %s and %s', c.id, c.first_message_id,
  c.first_message_id + c.message_count - 1, coalesce(m.n, 0), m.first_id, m.last_id) as detail
from campaign c left join (
  select campaign_id, sum(n) as n, min(first_id) as first_id, max(last_id) as last_id from counted group by 1
) m on m.campaign_id = c.id
where coalesce(m.n, 0) <> c.message_count
  or m.first_id < c.first_message_id or m.last_id >= c.first_message_id + c.message_count
union all
select format('%s messages belong to campaign %s, which does not exist', sum(m.n), m.campaign_id)
from counted m where not exists (select from campaign c where c.id = m.campaign_id) group by m.campaign_id
union all
select format('message %s exists, but the next block would begin at %s', max(last_id), min(b.next_id))
from counted, message_block b having max(last_id) >= min(b.next_id)`,
  },
  {
    name: 'balance',
    holds: 'the ledger of an account sums to its balance',
    severity: 'error',
    sql: `
select format('account %s has a balance of %s, its ledger sums to %s', a.id, a.balance_e7, coalesce(l.sum, 0)) as detail
from account a left join (select account_id, sum(amount_e7) as sum from ledger group by account_id) l
  on l.account_id = a.id
where a.balance_e7 <> coalesce(l.sum, 0) order by a.id`,
  },
  {
    name: 'holds',
    holds: 'what an account holds equals the price of its undecided messages',
    severity: 'error',
    sql: `
select format('account %s holds %s by its ledger, its undecided messages cost %s',
  a.id, coalesce(l.held, 0), coalesce(m.held, 0)) as detail
from account a
left join (select account_id, sum(held_e7) as held from ledger group by account_id) l on l.account_id = a.id
left join (select account_id, sum(held_e7) as held from money group by account_id) m on m.account_id = a.id
where coalesce(l.held, 0) <> coalesce(m.held, 0) order by a.id`,
  },
  {
    name: 'campaign-money',
    holds: 'what the ledger took for a campaign equals the price of its held and charged messages',
    severity: 'error',
    sql: `
select format('campaign %s: the ledger took %s and holds %s of it, its messages cost %s and %s', m.campaign_id,
  -coalesce(l.amount, 0), coalesce(l.held, 0), m.taken_e7, m.held_e7) as detail
from money m left join (
  select campaign_id, sum(amount_e7) as amount, sum(held_e7) as held from ledger
  where campaign_id is not null group by campaign_id
) l on l.campaign_id = m.campaign_id
where -coalesce(l.amount, 0) <> m.taken_e7 or coalesce(l.held, 0) <> m.held_e7 order by m.campaign_id`,
  },
  {
    name: 'accepted-price',
    holds: 'what was held for a campaign is the price it was accepted at, and the sum of its messages',
    severity: 'error',
    sql: `
select format('campaign %s was accepted at %s, the ledger held %s, its messages cost %s', c.id, c.calculated_e7,
  coalesce(l.held, 0), coalesce(m.price, 0)) as detail
from campaign c
left join (select campaign_id, sum(held_e7) as held from ledger where kind = 'hold' group by campaign_id) l
  on l.campaign_id = c.id
left join (select campaign_id, sum(price_e7) as price from counted group by campaign_id) m on m.campaign_id = c.id
where c.calculated_e7 <> coalesce(l.held, 0) or c.calculated_e7 <> coalesce(m.price, 0) order by c.id`,
  },
  {
    name: 'total-price',
    holds: "the total_price that a campaign's report shows is what the ledger took for it",
    severity: 'error',
    sql: `
select format('campaign %s shows a total_price of %s, the ledger took %s', c.id, coalesce(k.total, 0),
  -coalesce(l.amount, 0)) as detail
from campaign c
left join (
  select n.campaign_id, sum(n.price_e7 * s.taken) as total
  from campaign_count n join (values ${moneyRows}) as s (on_delivery, status, held, taken)
    on s.on_delivery = n.on_delivery and s.status = n.status
  group by n.campaign_id
) k on k.campaign_id = c.id
left join (select campaign_id, sum(amount_e7) as amount from ledger group by campaign_id) l on l.campaign_id = c.id
where coalesce(k.total, 0) <> -coalesce(l.amount, 0) order by c.id`,
  },
  {
    name: 'ledger-kinds',
    holds: 'every row of the ledger does to balance and holds what its kind says',
    severity: 'error',
    sql: `
select format('ledger row %s is a %s of %s, with %s held', id, kind, amount_e7, held_e7) as detail
from ledger where not case kind
  when 'hold' then amount_e7 < 0 and held_e7 = -amount_e7 and campaign_id is not null
  when 'charge' then amount_e7 <= 0 and held_e7 <= 0 and amount_e7 + held_e7 < 0 and campaign_id is not null
  when 'refund' then amount_e7 > 0 and held_e7 = -amount_e7 and campaign_id is not null
  when 'top_up' then amount_e7 >= 0 and held_e7 = 0 and campaign_id is null
  else held_e7 = 0
end order by id`,
  },
  {
    name: 'batches-tile',
    holds: "batches cover a campaign's messages without a gap or an overlap",
    severity: 'error',
    sql: `
select format('campaign %s: batch %s to %s begins where %s was expected', campaign_id, first_id, last_id, expected)
  as detail
from (
  select b.campaign_id, b.first_id, b.last_id,
    coalesce(lag(b.last_id) over (partition by b.campaign_id order by b.first_id) + 1, c.first_message_id) as expected
  from batch b join campaign c on c.id = b.campaign_id
) as tiles where first_id <> expected or last_id < first_id
union all
select format('campaign %s: its batches end at %s, its messages at %s', c.id, max(b.last_id),
  c.first_message_id + c.message_count - 1)
from campaign c left join batch b on b.campaign_id = c.id
where c.message_count > 0 or b.campaign_id is not null
group by c.id having max(b.last_id) is distinct from c.first_message_id + c.message_count - 1`,
  },
  {
    name: 'open-batches',
    holds: "a campaign's number of open batches is right",
    severity: 'error',
    sql: `
select format('campaign %s says %s open batches, there are %s', c.id, c.open_batches, count(b.first_id)) as detail
from campaign c left join batch b on b.campaign_id = c.id and b.state = 0
group by c.id having c.open_batches <> count(b.first_id) order by c.id`,
  },
  {
    name: 'lanes',
    holds: 'the route of every open batch is one of its campaign: no other is looked for',
    severity: 'error',
    sql: `
select format('campaign %s: batch %s has the route "%s", the campaign has only %s', c.id, b.first_id, b.route, c.routes)
  as detail
from batch b join campaign c on c.id = b.campaign_id
where b.state = 0 and b.route <> all (c.routes) order by c.id, b.first_id`,
  },
  {
    name: 'high-water-mark',
    holds: 'no message beyond the mark of its batch was ever sent',
    severity: 'error',
    sql: `
select format('campaign %s, batch %s: %s messages beyond the mark %s have left the queue, the first is %s',
  b.campaign_id, b.first_id, count(*), b.submitted_upto, min(m.id)) as detail
from batch b join message m on m.id > b.submitted_upto and m.id between b.first_id and b.last_id
where b.submitted_upto < b.last_id and m.status not in (${codes('queued', 'failed')})
group by b.campaign_id, b.first_id order by b.campaign_id, b.first_id`,
  },
  {
    name: 'done-is-done',
    holds: 'a campaign that is done has no message in the queue and no open batch',
    severity: 'error',
    sql: `
select format('campaign %s is done, but %s of its messages are in the queue and %s batches are open', c.id,
  coalesce(sum(m.n), 0), c.open_batches) as detail
from campaign c left join counted m on m.campaign_id = c.id and m.status in (${codes('queued')})
where c.status = 'done' group by c.id having coalesce(sum(m.n), 0) > 0 or c.open_batches > 0 order by c.id`,
  },
  {
    name: 'somebody-works',
    holds: 'no batch of a sending campaign lies with a dispatcher that died',
    severity: 'warning',
    sql: `
select format('campaign %s: %s batches lie with dispatcher %s, which is gone: is a process with ROLES=dispatch running?',
  b.campaign_id, count(*), b.lease_owner) as detail
from batch b join campaign c on c.id = b.campaign_id and c.status = 'sending'
where b.state = 0 and b.lease_owner is not null and b.lease_until < now() - interval '1 minute'
  and not exists (
    select from pg_locks l
    where l.locktype = 'advisory' and l.classid = 1 and l.objid = b.lease_owner::oid and l.granted
      and l.database = (select oid from pg_database where datname = current_database()))
group by b.campaign_id, b.lease_owner order by b.campaign_id`,
  },
  {
    name: 'sorted-by-phone',
    holds: 'every message is sorted by its number once, or its batch waits for that',
    severity: 'error',
    // Compared by sums over a thousand ids each: a join of all messages would not fit into memory.
    sql: `
select format('account %s, ids %s to %s: %s', account_id, span * 1000, span * 1000 + 999,
  case when sum(n) > 0 then format('%s messages are not sorted by number', sum(n))
    when sum(n) < 0 then format('%s messages too many are sorted by number', -sum(n))
    else 'messages are sorted by a number that is not theirs' end) as detail
from (
  select c.account_id, m.id / 1000 as span, 1 as n, hashint8extended(m.phone, m.id) as hash
  from message m join campaign c on c.id = m.campaign_id
  union all
  select u.account_id, m.id / 1000, -1, -hashint8extended(m.phone, m.id)::numeric
  from unsorted_batch u join batch b on b.campaign_id = u.campaign_id and b.first_id = u.first_id
  cross join lateral (select id, phone from message where id between b.first_id and b.last_id offset 0) as m
  union all
  select account_id, message_id / 1000, -1, -hashint8extended(phone, message_id)::numeric from message_by_phone
) as entry
group by account_id, span having sum(n) <> 0 or sum(hash) <> 0 order by account_id, span`,
  },
  {
    name: 'batch-phones',
    holds: 'a batch knows the lowest and the highest of its numbers',
    severity: 'error',
    sql: `
select format('campaign %s, batch %s: its numbers lie between %s and %s, it says %s and %s', b.campaign_id, b.first_id,
  m.lowest, m.highest, b.lowest_phone, b.highest_phone) as detail
from batch b cross join lateral (
  select min(phone) as lowest, max(phone) as highest from message where id between b.first_id and b.last_id offset 0
) as m
where (b.lowest_phone, b.highest_phone) <> (m.lowest, m.highest) order by b.campaign_id, b.first_id`,
  },
  {
    name: 'redacted',
    holds: 'messages without a number are decided, and have neither a text of their own nor a reference',
    severity: 'error',
    sql: `
select format('campaign %s, status %s: %s of %s messages without a number %s', campaign_id, status,
  case when half_redacted > 0 then half_redacted else redacted end, redacted,
  case when half_redacted > 0 then 'have a text or a reference' else 'are not decided' end) as detail
from counted where half_redacted > 0 or redacted > 0 and status in (${codes('queued', 'sent', 'accepted')})
union all
select format('campaign %s: %s of its messages have numbers, but it is redacted since %s', c.id,
  sum(m.n - m.redacted), c.redacted_at)
from campaign c join counted m on m.campaign_id = c.id where c.redacted_at is not null
group by c.id having sum(m.n - m.redacted) > 0`,
  },
  {
    name: 'delivery-groups',
    holds:
      'every message of which a final receipt told stands once in the groups of its account, at its time',
    severity: 'error',
    sql: `
select format('campaign %s of account %s: %s messages have their final receipt, %s stand in groups%s', campaign_id,
  account_id, coalesce(sum(n) filter (where n > 0), 0), coalesce(-sum(n) filter (where n < 0), 0),
  case when sum(n) = 0 then ', others or at other times' end) as detail
from (
  select m.campaign_id, c.account_id, count(*) as n,
    sum(hashint8extended(m.id, (extract(epoch from m.done_at) * 1000000)::bigint)) as hash
  from message m join campaign c on c.id = m.campaign_id where m.status in (${receiptStatuses.join(', ')})
  group by m.campaign_id, c.account_id
  union all
  select g.campaign_id, g.account_id, -count(*),
    -sum(hashint8extended(m.id, (extract(epoch from g.delivered_at) * 1000000)::bigint))
  from delivery_group g cross join unnest(g.message_ids) as m (id) group by g.campaign_id, g.account_id
) as entry
group by campaign_id, account_id having sum(n) <> 0 or coalesce(sum(hash), 0) <> 0
union all
select format('campaign %s: a group of %s from %s on says %s from %s on', campaign_id, cardinality(message_ids), lowest,
  n, first_id)
from delivery_group cross join lateral (select min(id) as lowest from unnest(message_ids) as m (id)) as l
where n <> cardinality(message_ids) or first_id <> lowest`,
  },
  ...contactInvariants,
];
