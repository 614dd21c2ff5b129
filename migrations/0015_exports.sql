-- Exports of messages to files, made in the background: src/exports.

create table export_job (
  id          bigint generated always as identity primary key,
  account_id  bigint not null references account,
  request     jsonb not null,                -- as src/exports/read.ts reads it
  format      text not null check (format in ('csv', 'xlsx')),
  status      text not null default 'waiting' check (status in ('waiting', 'running', 'done', 'failed')),
  attempt     integer not null default 0,    -- who begins anew counts on: what an older one writes is refused
  total       bigint not null default 0,     -- messages to look at, and how many of them were
  seen        bigint not null default 0,
  rows        bigint not null default 0,     -- lines of the file
  size        bigint not null default 0,     -- octets of the file, and how many are kept of it
  stored      bigint not null default 0,
  error       text,
  created_at  timestamptz not null default now(),
  started_at  timestamptz,
  finished_at timestamptz,
  expires_at  timestamptz
);
create index export_job_account on export_job (account_id, id);
create index export_job_expires on export_job (expires_at) where expires_at is not null;

-- The file of a job in pieces: of a CSV one gzip stream, of an XLSX the file itself. Any process can serve it.
create table export_chunk (
  job_id bigint not null references export_job on delete cascade,
  seq    integer not null,
  data   bytea not null,
  primary key (job_id, seq)
);
-- It is compressed already.
alter table export_chunk alter column data set storage external;
