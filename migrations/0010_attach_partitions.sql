-- New partitions are attached instead of created in place. `create table … partition of` locks the whole table against
-- everybody: once in ten million messages the sending waited for the longest list that was being read, and a process
-- that sorted messages could wait for it in a circle. `attach partition` conflicts with none of them.

-- Makes an empty table like `parent` and attaches it for this span; nothing where it is there.
create function attach_partition(parent text, name text, span text, options text default '') returns void
language plpgsql as $$
begin
  if to_regclass(name) is not null then
    return;
  end if;
  execute format('create table %I (like %I including all)', name, parent)
    || case when options = '' then '' else format(' with (%s)', options) end;
  execute format('alter table %I attach partition %I %s', parent, name, span);
end $$;

-- Makes the partitions of `message` and of its orders for one range of ids.
create or replace function make_message_partition(p bigint) returns void language plpgsql as $$
declare
  rows_per_partition constant bigint := 10000000;
  span text := format('for values from (%s) to (%s)', p * rows_per_partition, (p + 1) * rows_per_partition);
begin
  perform attach_partition('message', 'message_p' || p, span,
    'fillfactor = 38, autovacuum_vacuum_insert_scale_factor = 0.5');
  perform attach_partition('message_by_phone', 'message_by_phone_p' || p, span);
  perform attach_partition('delivery_group', 'delivery_group_p' || p, span);
end $$;

-- Makes the partition of the day that holds `moment`. Two processes may ask at once: the second waits for the first.
create or replace function make_submission_partition(moment timestamptz) returns void language plpgsql as $$
declare
  day date := (moment at time zone 'UTC')::date;
  name text := 'submission_' || to_char(day, 'YYYYMMDD');
begin
  if to_regclass(name) is null then
    perform pg_advisory_xact_lock(hashtext('make_submission_partition'));
    perform attach_partition('submission', name, format('for values from (%L) to (%L)',
      day::timestamp at time zone 'UTC', (day + 1)::timestamp at time zone 'UTC'));
    execute format('create index if not exists %I on %I (smsc_message_id)', name || '_smsc', name);
    execute format('create index if not exists %I on %I (message_id) where part >= 0', name || '_part', name);
  end if;
end $$;
