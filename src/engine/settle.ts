// What must follow every change of message states, in the same statement: the campaign's counters, the ledger and
// the balance. Each hot statement of the engine ends with this fragment.

/**
 * The tail of a statement whose CTE `changed (campaign_id, was, now, on_delivery, price_e7)` holds one row per message
 * whose state really changed. Because it counts what the UPDATE returned, repeating a statement changes nothing twice.
 *
 * - counters: one upsert per campaign, state and kind of billing, in the writer's own slot, so that writers never wait
 *   for each other; in one order, for those that do share a slot;
 * - ledger: one row per campaign, kind and statement, never one per message;
 * - balance: only accounts whose balance changes are locked, in the order of their ids, so that two writers never
 *   wait for each other in a circle.
 *
 * @param slot the SQL of the writer's slot, such as `$2`
 */
export function settle(slot: string): string {
  return `
  moved as (
    select campaign_id, was, now, on_delivery, count(*) as n, sum(price_e7) as price_e7
    from changed group by campaign_id, was, now, on_delivery
  ),
  counted as (
    insert into campaign_count as c (campaign_id, slot, status, on_delivery, n, price_e7)
    select campaign_id, ${slot}::smallint, status, on_delivery, sum(n), sum(price_e7)
    from (
      select campaign_id, was as status, on_delivery, -n as n, -price_e7 as price_e7 from moved
      union all
      select campaign_id, now, on_delivery, n, price_e7 from moved
    ) as delta
    group by campaign_id, status, on_delivery
    order by campaign_id, status, on_delivery
    on conflict (campaign_id, slot, status, on_delivery)
      do update set n = c.n + excluded.n, price_e7 = c.price_e7 + excluded.price_e7
  ),
  money as (
    select c.account_id, m.campaign_id, m.n,
      m.price_e7 * (money_taken(m.on_delivery, m.now) - money_taken(m.on_delivery, m.was)) as amount_e7,
      m.price_e7 * (money_held(m.on_delivery, m.now) - money_held(m.on_delivery, m.was)) as held_e7
    from moved m join campaign c on c.id = m.campaign_id
    where m.price_e7 <> 0
  ),
  booked as (
    insert into ledger (account_id, campaign_id, kind, messages, amount_e7, held_e7)
    select account_id, campaign_id, kind, sum(n), sum(amount_e7), sum(held_e7)
    from (select *, case when amount_e7 > 0 then 'refund' else 'charge' end as kind from money
          where amount_e7 <> 0 or held_e7 <> 0) as entry
    group by account_id, campaign_id, kind
  ),
  owed as (
    select account_id, sum(amount_e7) as amount_e7 from money group by account_id having sum(amount_e7) <> 0
  ),
  locked as materialized (
    select id from account where id in (select account_id from owed) order by id for update
  ),
  paid as (
    update account a set balance_e7 = a.balance_e7 + o.amount_e7
    from locked l join owed o on o.account_id = l.id
    where a.id = l.id
  )`;
}
