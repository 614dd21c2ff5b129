-- What operators do beside the specification: receivers elsewhere, and ids that are not written twice in the same way.

-- Where the receivers of a pair connect, if not where its transmitters do.
alter table operator
  add column receiver_host text,
  add column receiver_port integer check (receiver_port between 1 and 65535);

-- submission.smsc_message_id holds an id as it is looked for: in lower case, without leading zeros and 0x. Where the
-- operator wrote it otherwise in its response, this is how.
alter table submission add column written text collate "C";
update submission set written = smsc_message_id, smsc_message_id = lower(smsc_message_id)
where smsc_message_id <> lower(smsc_message_id);
update submission
set written = coalesce(written, smsc_message_id),
  smsc_message_id = regexp_replace(regexp_replace(smsc_message_id, '^0x(?=[0-9a-f]+$)', ''), '^0+(?=.)', '')
where smsc_message_id like '0%';

-- The other address of a receipt: some operators leave the two as they were in the message.
alter table orphan_receipt add column destination text not null default '';
