-- Searches that walk through an account's contacts in the order of their ids read the date of creation in the index; who
-- goes from phones to the lists that they are in reads indexes alone.
alter table contact drop constraint contact_pkey;
alter table contact add primary key (account_id, id) include (created_at);
alter table contact drop constraint contact_account_id_phone_key;
alter table contact add unique (account_id, phone) include (id);
drop index contact_group_member_contact;
create index contact_group_member_contact on contact_group_member (contact_id, group_id);
