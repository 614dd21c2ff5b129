-- Lanes by route (docs/decisions/0007-lanes-by-route.md): a campaign whose messages go to different operators has a
-- queue for each, so that none waits for another's operator.

-- Which operators the messages of a batch were meant for when it was accepted (src/operators/ways.ts); '' where the
-- whole campaign goes one way, and for what has no way of its own. A hint: each message is routed when it is sent.
alter table batch add column route text collate "C" not null default '';

-- The routes of a campaign's batches, so that its lanes are known without a look at a thousand batches.
alter table campaign add column routes text[] not null default '{""}';

-- The next batch of a lane.
drop index batch_open;
create index batch_open on batch (campaign_id, route, first_id) where state = 0;
