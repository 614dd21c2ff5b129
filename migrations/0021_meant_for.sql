-- The operator that a campaign's messages are meant for, whatever the routes say: an administrator tries it. No foreign
-- key, as operators are removed: such messages then have no route.

alter table campaign add column operator_id bigint;
