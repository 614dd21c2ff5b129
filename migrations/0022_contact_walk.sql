-- Searches that walk through an account's contacts in the order of their ids read the date of creation in the index.
alter table contact drop constraint contact_pkey;
alter table contact add primary key (account_id, id) include (created_at);
