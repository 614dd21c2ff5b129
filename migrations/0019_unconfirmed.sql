-- A campaign whose author wants to see first what it costs and whom it reaches: nothing of it leaves before its author has
-- resumed it, which makes this false (src/campaigns/lifecycle.ts).
alter table campaign add column unconfirmed boolean not null default false;
