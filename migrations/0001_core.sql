-- The core of Carillon: accounts and their money, campaigns and their messages, what was submitted to which
-- operator, and who works on what. Needs PostgreSQL 18 (RETURNING old/new). Amounts are integers of 10^-7.

-- Values that every process of one installation shares, such as the key that signs JWTs.
create table secret (
  name  text primary key,
  value bytea not null
);

-- ─── Tariffs ───────────────────────────────────────────────────────────────────────────────────────────────────

create table tariff (
  id         bigint generated always as identity primary key,
  code       smallint not null unique check (code between 0 and 9),
  name       text not null,
  currency   char(3) not null,
  bill_on    text not null default 'sent' check (bill_on in ('sent', 'delivered')),
  is_active  boolean not null default true,
  is_default boolean not null default false,
  created_at timestamptz not null default now()
);
create unique index tariff_one_default on tariff (is_default) where is_default;

-- Price of one segment to numbers that begin with `prefix`; the longest prefix wins.
create table rate (
  id         bigint generated always as identity primary key,
  tariff_id  bigint not null references tariff,
  prefix     text not null check (prefix ~ '^[0-9]{1,15}$'),
  country    char(2),
  operator   text,
  mcc        text,
  mnc        text,
  price_e7   bigint not null check (price_e7 >= 0),
  valid_from timestamptz not null default '-infinity',
  unique (tariff_id, prefix, valid_from)
);

-- ─── Accounts ──────────────────────────────────────────────────────────────────────────────────────────────────

create table account (
  id         bigint generated always as identity primary key,
  name       text not null unique,
  role       text not null default 'customer' check (role in ('customer', 'admin')),
  currency   char(3) not null,
  tariff_id  bigint not null references tariff,
  balance_e7 bigint not null default 0,  -- the sum of ledger.amount_e7, kept in the same transactions
  credit_e7  bigint not null default 0 check (credit_e7 >= 0),
  created_at timestamptz not null default now()
);

create table api_key (
  id           bigint generated always as identity primary key,
  account_id   bigint not null references account,
  kind         text not null check (kind in ('live', 'test')),
  hint         text not null,               -- the first characters, to tell keys apart in lists
  hash         bytea not null unique,       -- SHA-256 of the key; the key itself is shown once and never stored
  name         text,
  created_at   timestamptz not null default now(),
  last_used_at timestamptz,
  revoked_at   timestamptz
);
create index api_key_account on api_key (account_id);

-- amount_e7 changes the balance, held_e7 the money that is held for undecided messages:
-- hold (-p, +p), charge (0, -p), refund of a hold (+p, -p), top_up (+p, 0), adjustment (±p, 0).
create table ledger (
  id          bigint generated always as identity primary key,
  account_id  bigint not null,
  campaign_id bigint,
  kind        text not null check (kind in ('hold', 'charge', 'refund', 'top_up', 'adjustment')),
  messages    integer not null default 0,
  amount_e7   bigint not null,
  held_e7     bigint not null,
  note        text,
  at          timestamptz not null default now()
);
create index ledger_account on ledger (account_id, id);
create index ledger_campaign on ledger (campaign_id) where campaign_id is not null;

-- ─── Campaigns ─────────────────────────────────────────────────────────────────────────────────────────────────

create table campaign (
  id               bigint generated always as identity primary key,
  account_id       bigint not null references account,
  api_key_id       bigint references api_key,
  first_message_id bigint not null,
  message_count    integer not null,
  phone_count      integer not null,
  name             text not null,
  sender           text not null,
  text             text not null,
  type             text not null default 'sms',
  source           text not null default 'rest',
  test             boolean not null default false,   -- made with a test_ key: simulator only, free
  status           text not null check (status in
                     ('creation', 'moderation', 'spam', 'scheduled', 'sending', 'paused', 'stopped', 'done')),
  start_at         timestamptz not null,
  actual_start_at  timestamptz,
  finished_at      timestamptz,
  created_at       timestamptz not null default now(),
  validity_h       smallint not null default 72 check (validity_h between 1 and 72),
  tariff_id        bigint not null references tariff,
  currency         char(3) not null,
  bill_on          text not null default 'sent' check (bill_on in ('sent', 'delivered')),
  calculated_e7    bigint not null,                  -- the price when it was accepted
  callback_url     text,
  uncertain        text not null default 'resend' check (uncertain in ('resend', 'unknown')),
  open_batches     integer not null default 0,
  unique (first_message_id)
);
create index campaign_account on campaign (account_id, id);
create index campaign_due on campaign (start_at) where status = 'scheduled';
create index campaign_active on campaign (status, id) where status in ('sending', 'paused', 'stopped');

-- How many messages of a campaign are in each state (src/messages/status.ts), and what they cost. A state's
-- count is the sum over its slots; every writer has a slot of its own so that writers never wait for each other.
create table campaign_count (
  campaign_id bigint not null,
  slot        smallint not null,
  status      smallint not null,
  n           bigint not null,
  price_e7    bigint not null,
  primary key (campaign_id, slot, status)
) with (fillfactor = 50);

-- Blocks of message ids: one per campaign, contiguous.
create table message_block (
  one     boolean primary key default true check (one),
  next_id bigint not null default 1
);
insert into message_block default values;

-- One row per message. Partitioned by id range so that retention is a dropped partition. No index on status:
-- work is found through `batch`, reports through `campaign_count`. The free room in each page keeps both status
-- updates HOT.
create table message (
  id           bigint not null,
  campaign_id  bigint not null,
  phone        bigint not null,
  price_e7     bigint not null,
  sent_at      timestamptz,
  done_at      timestamptz,
  connector_id integer,
  error        integer,            -- src/messages/reason.ts
  status       smallint not null,  -- src/messages/status.ts
  parts        smallint not null,
  reference_id text,
  sender       text,               -- null: the campaign's
  text         text,               -- null: the campaign's
  primary key (id)
) partition by range (id);

-- A customer's own id of a message, unique within the account.
create table message_reference (
  account_id   bigint not null,
  reference_id text collate "C" not null,
  message_id   bigint not null,
  primary key (account_id, reference_id)
);

-- Takes a block of `size` message ids and makes the partitions that hold it; returns the first id.
create function take_message_block(size bigint) returns bigint language plpgsql as $$
declare
  rows_per_partition constant bigint := 10000000;
  first bigint;
begin
  update message_block set next_id = next_id + size returning next_id - size into first;
  for p in first / rows_per_partition .. (first + size - 1) / rows_per_partition loop
    if to_regclass(format('message_p%s', p)) is null then
      execute format(
        'create table if not exists message_p%s partition of message for values from (%s) to (%s)
           with (fillfactor = 38, autovacuum_vacuum_insert_scale_factor = 0.5)',
        p, p * rows_per_partition, (p + 1) * rows_per_partition);
    end if;
  end loop;
  return first;
end $$;

-- ─── Dispatch ──────────────────────────────────────────────────────────────────────────────────────────────────

create table operator (
  id                   integer generated always as identity primary key,
  name                 text not null unique,
  simulator            boolean not null default false,  -- the only kind that test_ campaigns may reach
  enabled              boolean not null default true,
  host                 text not null,
  port                 integer not null check (port between 1 and 65535),
  tls                  boolean not null default false,
  system_id            text not null,
  password             text not null,
  system_type          text not null default '',
  bind_mode            text not null default 'transceiver' check (bind_mode in ('transceiver', 'pair')),
  sessions             smallint not null default 1 check (sessions between 1 and 64),
  window_size          integer not null default 1000 check (window_size >= 1),
  in_flight_limit      integer not null default 2000 check (in_flight_limit >= 1),
  throttle             integer check (throttle >= 1),   -- messages/s over all sessions; null: no limit
  response_timeout_ms  integer not null default 30000,
  enquire_link_ms      integer not null default 30000,
  message_id_format    text not null default 'auto'
                         check (message_id_format in ('auto', 'as_is', 'receipt_hex', 'response_hex')),
  created_at           timestamptz not null default now()
);

-- Where numbers that begin with `prefix` go: the longest prefix wins, then the lowest priority that has a
-- connected operator, then weight. An empty prefix matches every number.
create table route (
  id          integer generated always as identity primary key,
  prefix      text not null check (prefix ~ '^[0-9]{0,15}$'),
  operator_id integer not null references operator,
  priority    smallint not null default 0,
  weight      integer not null default 100 check (weight >= 1),
  unique (prefix, operator_id)
);

-- Running engines take a change of operators or routes up at once, whoever makes it.
create function notify_routing() returns trigger language plpgsql as $$
begin
  perform pg_notify('carillon_routing', '');
  return null;
end $$;
create trigger operator_changed after insert or update or delete on operator
  for each statement execute function notify_routing();
create trigger route_changed after insert or update or delete on route
  for each statement execute function notify_routing();

-- A running dispatcher. It holds the advisory lock (1, id) on a connection of its own for as long as it lives,
-- so that others see at once that it died.
create table dispatcher (
  id         integer generated always as identity primary key,
  host       text not null,
  pid        integer not null,
  started_at timestamptz not null default now()
);

-- The unit of dispatch: up to 1,000 messages of one campaign.
-- state: 0 open, 1 all sent and waiting for receipts, 2 closed (nothing can change by time any more).
create table batch (
  campaign_id    bigint not null,
  first_id       bigint not null,
  last_id        bigint not null,
  submitted_upto bigint not null,        -- no message beyond it was ever written to a socket
  uncertain_upto bigint not null,        -- a queued message up to here was perhaps written; moves back on a clean release
  state          smallint not null default 0,
  lease_owner    integer,
  lease_until    timestamptz,
  fence          bigint not null default 0,
  deadline       timestamptz,            -- when sent messages without a receipt become unknown
  primary key (campaign_id, first_id)
) with (fillfactor = 70);
create index batch_open on batch (campaign_id, first_id) where state = 0;
create index batch_leased on batch (lease_owner) where lease_owner is not null and state = 0;
create index batch_deadline on batch (deadline) where state = 1;

-- What an operator called a message, insert-only. Operators use ids again after days: the newest counts.
create table submission (
  message_id      bigint not null,
  at              timestamptz not null default now(),
  connector_id    integer not null,
  part            smallint not null,      -- 0, 1, … for the parts of a long message, -1 for the only one
  state           smallint,               -- of one part of a long message, from its receipt
  smsc_message_id text collate "C" not null
) partition by range (at);

-- Makes the partition of the day that holds `moment`.
create function make_submission_partition(moment timestamptz) returns void language plpgsql as $$
declare
  day date := (moment at time zone 'UTC')::date;
  name text := 'submission_' || to_char(day, 'YYYYMMDD');
begin
  if to_regclass(name) is null then
    execute format(
      'create table if not exists %I partition of submission for values from (%L) to (%L)',
      name, day::timestamp at time zone 'UTC', (day + 1)::timestamp at time zone 'UTC');
    execute format('create index if not exists %I on %I (smsc_message_id)', name || '_smsc', name);
    execute format('create index if not exists %I on %I (message_id) where part >= 0', name || '_part', name);
  end if;
end $$;
select make_submission_partition(now()), make_submission_partition(now() + interval '1 day');

-- Receipts whose message is not known (yet).
create table orphan_receipt (
  id              bigint generated always as identity primary key,
  connector_id    integer not null,
  smsc_message_id text collate "C" not null,
  phone           text not null,
  status          smallint not null,      -- src/messages/status.ts
  error           integer not null,
  at              timestamptz not null default now()
);
create index orphan_receipt_smsc on orphan_receipt (smsc_message_id);

-- Messages that were perhaps sent when a dispatcher or a session died, and what was done about them.
create table uncertain_event (
  id          bigint generated always as identity primary key,
  campaign_id bigint not null,
  first_id    bigint not null,
  messages    integer not null,
  cause       text not null,
  policy      text not null,
  at          timestamptz not null default now()
);

-- ─── Money of a message by its state: src/messages/status.ts, moneyStates (a test holds them equal) ───────────────

-- What a message's state does to the balance, as a factor of its price: held and charged ones take it, free ones not.
create function money_taken(bill_on text, status smallint) returns integer language sql immutable parallel safe as $$
  select case
    when status = 7 then 0
    when bill_on = 'delivered' and status in (4, 5, 6, 8) then 0
    else -1
  end
$$;

-- Whether a message's price is held (1) or not (0).
create function money_held(bill_on text, status smallint) returns integer language sql immutable parallel safe as $$
  select case
    when status = 0 then 1
    when bill_on = 'delivered' and status in (1, 2) then 1
    else 0
  end
$$;
