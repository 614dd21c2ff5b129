-- Distributes the large tables of a Carillon database over a Citus cluster, by campaign_id. docs/scaling.md says what
-- must be changed in the statements before Carillon can run on the result, and what of this was tried.
--
--   psql "$DATABASE_URL" -v ON_ERROR_STOP=1 -f ops/citus/distribute.sql
--
-- Run it on the coordinator, with every process of Carillon stopped. What is one row per campaign or less (accounts,
-- campaigns, batches, counters, ledger) stays where it is, on the coordinator: it is small, its statements lock rows of
-- many campaigns at once, and its transactions are what makes money and counters exact. What is one row per message
-- goes to the workers.

create extension if not exists citus;

begin;

-- Every unique index of a distributed table has to contain the distribution column.
alter table message drop constraint message_pkey;
alter table message add primary key (campaign_id, id);

-- The operators' ids of a campaign's messages lie beside the messages. Receipts look for them without knowing the
-- campaign, so that look-up asks every shard: it is the rare one, for what memory does not know.
alter table submission add column campaign_id bigint;
update submission s set campaign_id = m.campaign_id from message m where m.id = s.message_id;
alter table submission alter column campaign_id set not null;

commit;

-- Moves the rows; the partitions go along. As many shards as workers will ever have cores in all.
select create_distributed_table('message', 'campaign_id', shard_count => 64);
select create_distributed_table('submission', 'campaign_id', colocate_with => 'message');
