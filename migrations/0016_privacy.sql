-- How long an account's messages are kept with numbers, texts and references: src/privacy.

-- Days after a campaign's end; null: for ever.
alter table account add column retention_days integer check (retention_days between 1 and 36500);

-- Since when the messages of a campaign have no numbers, own texts and references any more.
alter table campaign add column redacted_at timestamptz;
-- What the clock of retention looks for.
create index campaign_unredacted on campaign (account_id, finished_at) where redacted_at is null;
