-- What the console shows of running processes, of the doctor's runs and of a campaign's messages over time.

-- What each dispatcher says of itself every two seconds (src/live/publish.ts). Nothing in it survives a crash, nor needs
-- to.
create unlogged table dispatcher_live (
  dispatcher integer primary key,
  at         timestamptz not null default now(),
  snapshot   jsonb not null
) with (fillfactor = 50);

alter table doctor_run add column breaches jsonb not null default '[]';

-- The figures of campaigns that cannot change any more, computed once (docs/decisions/0012-figures-on-demand.md).
create table campaign_figures (
  campaign_id bigint primary key references campaign,
  at          timestamptz not null default now(),
  figures     jsonb not null
);

-- The ledger of an account by day.
create index ledger_account_at on ledger (account_id, at);
