-- The contact book: fields, contacts and their values, lists of contacts, and the stop list. No foreign keys on the
-- tables that imports fill by the million: src/contacts keeps them, `carillon doctor` can count them.

-- What an account notes about its contacts, such as a name or a birthday.
create table contact_field (
  id          bigint generated always as identity primary key,
  account_id  bigint not null references account,
  name        text not null,
  folded      text not null,               -- the name in lower case: unique in an account
  type        text not null check (type in ('text', 'number', 'date')),
  description text,
  is_visible  boolean not null default true,
  created_at  timestamptz not null default now(),
  unique (account_id, folded)
);

-- `fields` holds the values as they are shown, by the id of their field; those of a deleted field stay in it unseen, as
-- no id comes twice. `grams` holds what searches for texts and parts of phones look for: see src/contacts/grams.ts.
create table contact (
  account_id bigint not null,
  id         bigint not null generated always as identity,
  phone      bigint not null,
  created_at timestamptz not null default now(),
  fields     jsonb not null default '{}',
  grams      integer[] not null default '{}',
  primary key (account_id, id),
  unique (account_id, phone)
);
create index contact_created on contact (account_id, created_at);
create index contact_grams on contact using gin (grams);

-- The numbers and dates (in seconds since 1970) of contacts again, in their order, for searches by range.
create table contact_value (
  field_id   bigint not null,
  value      numeric not null,
  contact_id bigint not null,
  primary key (field_id, value, contact_id)
);

-- `items` is the number of its contacts, kept by the triggers below in the statement that changes them. Whoever adds or
-- removes contacts locks the groups first, in the order of their ids.
create table contact_group (
  id          bigint generated always as identity primary key,
  account_id  bigint not null references account,
  name        text not null,
  description text,
  is_default  boolean not null default false,
  items       bigint not null default 0 check (items >= 0),
  created_at  timestamptz not null default now()
) with (fillfactor = 70);
create index contact_group_account on contact_group (account_id, id);
create unique index contact_group_default on contact_group (account_id) where is_default;

create table contact_group_member (
  group_id   bigint not null,
  contact_id bigint not null,
  primary key (group_id, contact_id)
);
create index contact_group_member_contact on contact_group_member (contact_id);

create function count_group_items() returns trigger language plpgsql as $$
begin
  update contact_group g set items = items + c.n * (case tg_op when 'INSERT' then 1 else -1 end)
  from (select group_id, count(*) as n from changed group by group_id) as c
  where g.id = c.group_id;
  return null;
end $$;
create trigger contact_group_member_added after insert on contact_group_member
  referencing new table as changed for each statement execute function count_group_items();
create trigger contact_group_member_removed after delete on contact_group_member
  referencing old table as changed for each statement execute function count_group_items();

-- How many contacts an account has, as a sum over slots: one for each connection that ever wrote, so that none waits
-- for another.
create table contact_count (
  account_id bigint not null,
  slot       integer not null,
  n          bigint not null,
  primary key (account_id, slot)
) with (fillfactor = 50);

create function count_contacts() returns trigger language plpgsql as $$
begin
  insert into contact_count as k (account_id, slot, n)
  select account_id, pg_backend_pid(), count(*) * (case tg_op when 'INSERT' then 1 else -1 end)
  from changed group by account_id
  on conflict (account_id, slot) do update set n = k.n + excluded.n;
  return null;
end $$;
create trigger contact_added after insert on contact
  referencing new table as changed for each statement execute function count_contacts();
create trigger contact_removed after delete on contact
  referencing old table as changed for each statement execute function count_contacts();

-- Numbers that want no more messages, whether or not they are contacts. An entry without a channel is deleted.
create table stop_entry (
  account_id bigint not null,
  id         bigint not null generated always as identity,
  phone      bigint not null,
  sms        boolean not null default false,
  viber      boolean not null default false,
  rcs        boolean not null default false,
  whatsapp   boolean not null default false,
  source     text not null check (source in ('api', 'inbound', 'console', 'import')),
  created_at timestamptz not null default now(),
  primary key (account_id, id),
  unique (account_id, phone),
  check (sms or viber or rcs or whatsapp)
);
create index stop_entry_created on stop_entry (account_id, created_at);
