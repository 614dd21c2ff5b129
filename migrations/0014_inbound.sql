-- Messages from subscribers: what deliver_sm brings that is no receipt. Written by src/inbound/keep.ts.

-- Which account messages to a number of ours belong to: a short code, a long number, a sender name.
create table inbound_number (
  id         bigint generated always as identity primary key,
  address    text collate "C" not null unique,   -- as src/inbound/address.ts writes it
  account_id bigint not null references account,
  created_at timestamptz not null default now()
);
create index inbound_number_account on inbound_number (account_id);

-- The words of an account that put a number on its stop list and take it off; without a row, the defaults of
-- src/inbound/words.ts.
create table inbound_words (
  account_id bigint primary key references account,
  stop       text[] not null,
  start      text[] not null
);

create table inbound_message (
  id          bigint generated always as identity primary key,
  account_id  bigint references account,           -- null: nobody's (yet)
  operator_id integer not null,
  phone       bigint,                              -- null: `source` is no number
  source      text not null,
  destination text not null,
  address     text collate "C" not null,           -- the destination as inbound_number has it
  text        text not null,                       -- hexadecimal where the encoding is binary
  encoding    text not null,
  data_coding smallint not null,
  action      text check (action in ('stop', 'start')),
  received_at timestamptz not null default now(),
  arrival     uuid unique,                         -- so that a commit may be repeated; null: by its parts
  reference   integer,                             -- of a text in parts
  parts       bytea[],                             -- of a text in parts: their octets; null is what has not come
  complete    boolean not null default true,
  open        boolean not null default false       -- nobody's, but what was sent may not be sorted yet: look again
);
create index inbound_account on inbound_message (account_id, id);
create index inbound_phone on inbound_message (phone, account_id, id);
create index inbound_address on inbound_message (address) where account_id is null;
create index inbound_open on inbound_message (id) where open;
create index inbound_parts on inbound_message (source, address, reference) where parts is not null;
