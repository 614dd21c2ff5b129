-- Who made a campaign, where a user of the console did; made with an API key, it has api_key_id. Campaigns of before have
-- neither where a user made them.

alter table campaign add column user_id bigint references app_user;
-- What became of a user's campaigns, for who moderates the next one.
create index campaign_user on campaign (user_id, id) where user_id is not null;
