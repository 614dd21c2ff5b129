-- Users of the console and their sessions, and which user did what the audit log says.

create table app_user (
  id                   bigint generated always as identity primary key,
  account_id           bigint not null references account,
  email                text not null,
  name                 text not null,
  password_hash        text not null,                 -- src/users/password.ts
  role                 text not null check (role in ('customer', 'moderator', 'administrator')),
  locale               text,                          -- null: what the browser says
  time_zone            text,
  totp_secret          bytea,                         -- encrypted (src/users/totp.ts); null: none
  totp_enabled_at      timestamptz,                   -- null: not confirmed, so not demanded
  totp_last_step       bigint not null default 0,     -- of the last code that was used: none is used twice
  recovery_hashes      bytea[] not null default '{}',
  must_change_password boolean not null default false,
  disabled_at          timestamptz,
  created_at           timestamptz not null default now(),
  last_login_at        timestamptz,
  check (totp_enabled_at is null or totp_secret is not null)
);
create unique index app_user_email on app_user (lower(email));
create index app_user_account on app_user (account_id, id);

create table session (
  id           bigint generated always as identity primary key,
  token_hash   bytea not null unique,                 -- SHA-256 of what the cookie holds
  user_id      bigint not null references app_user,
  created_at   timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),    -- to the minute
  expires_at   timestamptz not null,
  ip           text,
  user_agent   text
);
create index session_of_user on session (user_id, id);
create index session_expires on session (expires_at);

alter table audit_log add column user_id bigint;      -- the user of the console who did it; null: a key, or nobody
