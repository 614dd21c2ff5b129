-- Life cycle, moderation and money: senders and their approval, moderation and its rules, keys with scopes, limits,
-- quiet hours, rates that bill on delivery, and the audit log.

-- ─── Accounts and keys ─────────────────────────────────────────────────────────────────────────────────────────────

alter table account
  add column moderation text not null default 'off' check (moderation in ('off', 'first', 'always')),
  add column sender_policy text not null default 'allow' check (sender_policy in ('refuse', 'moderate', 'allow')),
  add column messages_per_second integer check (messages_per_second >= 1),  -- null: no limit
  add column messages_per_day integer check (messages_per_day >= 1),
  add column default_sender text;

alter table api_key
  add column scopes text[] not null default '{send,read}'
    check (scopes <@ '{send,read,moderate,admin}'::text[] and cardinality(scopes) > 0),
  add column addresses cidr[] not null default '{}',            -- empty: from anywhere
  add column requests_per_minute integer check (requests_per_minute >= 1);
-- The keys of administrators made before scopes could do everything.
update api_key k set scopes = '{send,read,moderate,admin}' from account a where a.id = k.account_id and a.role = 'admin';

-- What a retried request was answered, so that it is answered the same again.
create table idempotency (
  account_id bigint not null references account,
  key        text not null check (length(key) between 1 and 255),
  body_hash  bytea not null,
  status     smallint,               -- null while the first request is being worked on
  answer     text,
  at         timestamptz not null default now(),
  primary key (account_id, key)
);
create index idempotency_at on idempotency (at);

-- The bodies of the last seconds, to refuse the same one sent twice.
create unlogged table recent_body (
  account_id bigint not null,
  hash       bytea not null,
  at         timestamptz not null default now(),
  primary key (account_id, hash)
);

-- Messages accepted per account and day (UTC), for messages_per_day.
create table account_day (
  account_id bigint not null,
  day        date not null,
  messages   bigint not null,
  primary key (account_id, day)
);

-- ─── Who did what ──────────────────────────────────────────────────────────────────────────────────────────────────

create table audit_log (
  id         bigint generated always as identity primary key,
  at         timestamptz not null default now(),
  account_id bigint,                 -- who did it; null: Carillon itself, or the command line
  key_id     bigint,
  action     text not null,          -- such as campaign.approve
  subject    text not null,          -- such as campaign/12
  owner_id   bigint,                 -- the account whose thing it is
  details    jsonb not null default '{}'
);
create index audit_log_owner on audit_log (owner_id, id);
create index audit_log_subject on audit_log (subject, id);

-- ─── Senders ───────────────────────────────────────────────────────────────────────────────────────────────────────

-- A customer's request to use a sender name, and what became of it. Registered ones are the account's senders.
create table sender_request (
  id                bigint generated always as identity primary key,
  account_id        bigint not null references account,
  kind              text not null check (kind in ('legal', 'natural')),
  type              text not null default 'sms' check (type in ('sms', 'viber')),
  sender            text not null,
  country_code      char(2) not null,
  status            text not null default 'new'
                      check (status in ('new', 'accepted', 'in_progress', 'registered', 'rejected')),
  fields            jsonb not null,
  reason            text,
  created_at        timestamptz not null default now(),
  registered_at     timestamptz,
  status_changed_at timestamptz
);
create index sender_request_account on sender_request (account_id, id);
create index sender_request_open on sender_request (id) where status in ('new', 'accepted', 'in_progress');

create table sender (
  id         bigint generated always as identity primary key,
  account_id bigint not null references account,
  sender     text not null,
  country    char(2),                -- null: every country
  status     text not null default 'active' check (status in ('active', 'blocked', 'registering')),
  created_at timestamptz not null default now()
);
create unique index sender_unique on sender (account_id, lower(sender), country) nulls not distinct;

-- ─── Moderation ────────────────────────────────────────────────────────────────────────────────────────────────────

-- What sends a campaign to moderation. account_id null: campaigns of every account.
create table moderation_rule (
  id         bigint generated always as identity primary key,
  account_id bigint references account,
  kind       text not null check (kind in ('word', 'pattern', 'link', 'recipients', 'sender')),
  value      text not null default '',
  enabled    boolean not null default true,
  created_at timestamptz not null default now()
);

-- Domains that links may lead to without moderation. account_id null: for every account.
create table known_domain (
  id         bigint generated always as identity primary key,
  account_id bigint references account,
  domain     text not null
);
create unique index known_domain_unique on known_domain (account_id, domain) nulls not distinct;

-- One row for each campaign that was held.
create table moderation_case (
  campaign_id bigint primary key references campaign,
  account_id  bigint not null,
  reasons     text[] not null,
  held_at     timestamptz not null default now(),
  decided_at  timestamptz,
  decided_by  bigint,                -- the moderator's account
  decision    text check (decision in ('approved', 'rejected')),
  reason      text
);
create index moderation_case_open on moderation_case (held_at) where decided_at is null;
create index moderation_case_account on moderation_case (account_id, campaign_id);

-- ─── Campaigns ─────────────────────────────────────────────────────────────────────────────────────────────────────

alter table campaign
  add column respect_curfew boolean not null default false,
  add column validity_s integer check (validity_s between 30 and 86400),  -- where it was asked for in seconds
  add column reason text;            -- why it was rejected, for its author
-- Whose queued messages are to be cancelled: empty most of the time.
create index campaign_cancel on campaign (id) where status in ('stopped', 'spam') and open_batches > 0;
create index campaign_account_start on campaign (account_id, start_at, id);
-- The lists of an account's campaigns in each order that can be asked for; counted from the index alone.
create index campaign_account_sender on campaign (account_id, sender, id);
create index campaign_account_status on campaign (account_id, status, id);
create index campaign_account_type on campaign (account_id, type, id);
-- The messages of an account in the order of their ids: a list of them is cut out of these ranges.
create index campaign_messages on campaign (account_id, first_message_id) include (message_count);

-- Hours in which an account's bulk messages to a country are held, in the local time of the destination. A span may
-- pass midnight. country null: every country without a row of its own.
create table quiet_hours (
  id         bigint generated always as identity primary key,
  account_id bigint not null references account,
  country    char(2),
  from_time  time not null,
  to_time    time not null,
  check (from_time <> to_time)
);
create unique index quiet_hours_unique on quiet_hours (account_id, country) nulls not distinct;

-- A batch holds messages to one country where its campaign respects quiet hours, and waits for their end.
alter table batch
  add column country char(2),
  add column not_before timestamptz;

-- ─── Rates that bill on delivery ───────────────────────────────────────────────────────────────────────────────────

-- When a message is billed is a property of its rate: a campaign may hold messages of both kinds. Counters are kept
-- for each kind, so that money still follows from them.
alter table rate add column bill_on text not null default 'sent' check (bill_on in ('sent', 'delivered'));
update rate r set bill_on = t.bill_on from tariff t where t.id = r.tariff_id;

-- Another number after every change of a tariff's rates, so that who has read them knows that they are still the same.
alter table tariff add column rates_version bigint not null default 0;
create function change_rates_version() returns trigger language plpgsql as $$
begin
  update tariff set rates_version = rates_version + 1 where id in (select tariff_id from changed);
  return null;
end $$;
create trigger rate_inserted after insert on rate referencing new table as changed
  for each statement execute function change_rates_version();
create trigger rate_updated after update on rate referencing new table as changed
  for each statement execute function change_rates_version();
create trigger rate_deleted after delete on rate referencing old table as changed
  for each statement execute function change_rates_version();

alter table message add column on_delivery boolean not null default false;
alter table campaign_count add column on_delivery boolean not null default false;
alter table campaign_count drop constraint campaign_count_pkey;
alter table campaign_count add primary key (campaign_id, slot, status, on_delivery);
update message m set on_delivery = true from campaign c where c.id = m.campaign_id and c.bill_on = 'delivered';
update campaign_count k set on_delivery = true from campaign c where c.id = k.campaign_id and c.bill_on = 'delivered';

drop function money_taken(text, smallint);
drop function money_held(text, smallint);
alter table campaign drop column bill_on;

-- What a message's state does to the balance, as a factor of its price: held and charged ones take it, free ones not.
create function money_taken(on_delivery boolean, status smallint) returns integer
language sql immutable parallel safe as $$
  select case
    when status = 7 then 0
    when on_delivery and status in (4, 5, 6, 8) then 0
    else -1
  end
$$;

-- Whether a message's price is held (1) or not (0).
create function money_held(on_delivery boolean, status smallint) returns integer
language sql immutable parallel safe as $$
  select case
    when status = 0 then 1
    when on_delivery and status in (1, 2) then 1
    else 0
  end
$$;
