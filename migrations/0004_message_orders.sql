-- Orders of an account's messages, by number and by the time of the final receipt, that an index of `message` could
-- give only at the cost of sending: one on phone adds 3 µs to every insert, one on done_at ends the HOT updates of
-- receipts. Both tables are partitioned as `message` is, by ranges of message ids: retention drops all three together.

-- Which partition a message lies in.
create function message_partition(id bigint) returns bigint language sql immutable parallel safe as
  'select id / 10000000';

-- ─── By number ─────────────────────────────────────────────────────────────────────────────────────────────────────

-- The messages of an account by number. Filled behind the sending (src/engine/sorter.ts), a batch at a time; numbers
-- never change. A number of any account is found here too: the index skips from account to account.
create table message_by_phone (
  account_id bigint not null,
  phone      bigint not null,
  message_id bigint not null,
  primary key (account_id, phone, message_id)
) partition by range (message_id);

-- The batches whose messages are not in message_by_phone yet; made with the batch, gone with its sorting.
create table unsorted_batch (
  account_id  bigint not null,
  campaign_id bigint not null,
  first_id    bigint not null,
  primary key (account_id, first_id)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- The lowest and the highest number of a batch: the first so many messages of any set of batches lie in the so many
-- batches that begin lowest, so that a page is found in them before anything is sorted.
alter table batch add column lowest_phone bigint, add column highest_phone bigint;
update batch b set lowest_phone = m.lowest, highest_phone = m.highest
from batch k cross join lateral (
  select min(phone) as lowest, max(phone) as highest from message where id between k.first_id and k.last_id
) as m
where b.campaign_id = k.campaign_id and b.first_id = k.first_id;
update batch set lowest_phone = 0, highest_phone = 0 where lowest_phone is null;
alter table batch alter column lowest_phone set not null, alter column highest_phone set not null;

insert into unsorted_batch (account_id, campaign_id, first_id)
select c.account_id, b.campaign_id, b.first_id from batch b join campaign c on c.id = b.campaign_id;

-- ─── By the time of the final receipt ──────────────────────────────────────────────────────────────────────────────

-- The messages of one campaign whose final receipts were committed at one moment, written by that very statement
-- (src/engine/receipts.ts): receipts come in this order, so nothing has to be sorted, and a final receipt is never
-- replaced. Not unique: nothing must ever keep a receipt from being committed.
create table delivery_group (
  account_id   bigint not null,
  delivered_at timestamptz not null,
  first_id     bigint not null,        -- the lowest of its messages
  campaign_id  bigint not null,
  n            integer not null,
  message_ids  bigint[] not null       -- all of one partition, in no order
) partition by range (first_id);
-- What can be compressed of ids is not worth the time.
alter table delivery_group alter column message_ids set storage external;
create index delivery_group_account on delivery_group (account_id, delivered_at, first_id) include (campaign_id, n);

-- ─── Partitions ────────────────────────────────────────────────────────────────────────────────────────────────────

-- Makes the partitions of `message` and of its orders for one range of ids.
create function make_message_partition(p bigint) returns void language plpgsql as $$
declare
  rows_per_partition constant bigint := 10000000;
  span text := format('for values from (%s) to (%s)', p * rows_per_partition, (p + 1) * rows_per_partition);
begin
  execute format(
    'create table if not exists message_p%s partition of message %s
       with (fillfactor = 38, autovacuum_vacuum_insert_scale_factor = 0.5)', p, span);
  execute format('create table if not exists message_by_phone_p%s partition of message_by_phone %s', p, span);
  execute format('create table if not exists delivery_group_p%s partition of delivery_group %s', p, span);
end $$;

-- Takes a block of `size` message ids and makes the partitions that hold it; returns the first id.
create or replace function take_message_block(size bigint) returns bigint language plpgsql as $$
declare
  first bigint;
begin
  update message_block set next_id = next_id + size returning next_id - size into first;
  for p in message_partition(first) .. message_partition(first + size - 1) loop
    -- The last one made; a partition is then complete, or not there at all.
    if to_regclass(format('delivery_group_p%s', p)) is null then
      perform make_message_partition(p);
    end if;
  end loop;
  return first;
end $$;

select make_message_partition(substring(c.relname from '^message_p(\d+)$')::bigint)
from pg_inherits i join pg_class c on c.oid = i.inhrelid
where i.inhparent = 'message'::regclass;

-- 3 to 6: the states that a final receipt sets (src/messages/status.ts).
insert into delivery_group (account_id, delivered_at, first_id, campaign_id, n, message_ids)
select c.account_id, m.done_at, min(m.id), m.campaign_id, count(*), array_agg(m.id)
from message m join campaign c on c.id = m.campaign_id
where m.status in (3, 4, 5, 6) and m.done_at is not null
group by c.account_id, m.campaign_id, m.done_at, message_partition(m.id);
