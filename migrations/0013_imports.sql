-- Files that are taken in as campaigns, contacts or stop lists: uploaded into the database, so that they survive a
-- restart and any process may work on them, and read from there by a background job.

create table import (
  id          bigint generated always as identity primary key,
  account_id  bigint not null references account,
  kind        text not null check (kind in ('campaign', 'contacts', 'stoplist')),
  state       text not null check (state in ('uploading', 'waiting', 'running', 'done', 'failed', 'cancelled')),
  file_name   text,
  campaign_id bigint unique,
  options     jsonb not null,              -- what was asked for, as src/imports/options.ts reads it
  format      jsonb not null,              -- how the file is written, as it was found out
  bytes       bigint not null default 0,   -- of the file, unpacked
  lines       bigint not null default 0,   -- an upper bound of its rows
  bytes_read  bigint not null default 0,
  rows_read   bigint not null default 0,
  accepted    bigint not null default 0,
  rejected    bigint not null default 0,
  duplicates  bigint not null default 0,   -- of the rejected
  stopped     bigint not null default 0,   -- of the rejected
  created     bigint not null default 0,   -- of the accepted: contacts that were not there
  error       text,
  created_at  timestamptz not null default now(),
  touched_at  timestamptz not null default now(),
  started_at  timestamptz,
  finished_at timestamptz
) with (fillfactor = 50);
create index import_account on import (account_id, id);
-- What the clean-up looks for.
create index import_uploading on import (touched_at) where state = 'uploading';
create index import_finished on import (finished_at) where finished_at is not null;

-- The file, in pieces of a MiB. Not compressed: that would take longer than to read it once and delete it.
create table import_chunk (
  import_id bigint not null references import on delete cascade,
  n         integer not null,
  bytes     bytea not null,
  primary key (import_id, n)
);
alter table import_chunk alter column bytes set storage external;

create table import_rejection (
  import_id bigint not null references import on delete cascade,
  line      bigint not null,
  reason    text not null,
  raw       text not null,
  primary key (import_id, line)
);
