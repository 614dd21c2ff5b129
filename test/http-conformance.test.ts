// Proves that answers have the types the One-API publishes (http-one-api.json, copied from its OpenAPI document), in
// every operation, before, while and after a campaign is sent.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { Compile } from 'typebox/compile';
import { Status } from '../src/messages/index.ts';
import { type Answer, customer, testApi } from './support/api.ts';
import { makeGroup } from './support/contacts.ts';

const published = JSON.parse(await readFile(new URL('http-one-api.json', import.meta.url), 'utf8')) as Record<
  string,
  { answer: { properties?: Record<string, object> }; status?: number }
>;

function conforms(operation: string, answer: Answer): void {
  const { answer: schema, status = 200 } = published[operation]!;
  assert.equal(answer.status, status, answer.text);
  if (status === 204) {
    assert.equal(answer.text, '');
    return;
  }
  assert.deepEqual(Compile(schema).Errors(answer.body), [], `${operation}: ${answer.text}`);
  // Nothing published is missing, except what no SMS has.
  for (const name of Object.keys(schema.properties ?? {}))
    assert.ok(name in answer.body, `${operation}: ${name}`);
}

test('every answer has the published types', async (t) => {
  const api = await testApi(t);
  const { get, post, patch, delete: callDelete, key, account } = await customer(api);
  conforms('login', await post('/api/auth/login', { api_key: key }));
  conforms('refresh_token', await post('/api/auth/refresh'));
  conforms('account_balance', await get('/api/accounts/balance'));
  conforms('account_tariffs', await get('/api/accounts/tariff'));
  conforms('get_internalCorePrices', await get('/api/internal/core/prices?product=sms'));
  conforms('get_internalCorePricesByCountryCode', await get('/api/internal/core/prices/ES?product=sms'));
  conforms('get_internalCountries', await get('/api/internal/countries'));
  conforms('get_internalCurrencies', await get('/api/internal/currencies'));
  const order = {
    sender: 'Carillon',
    text: 'Hello',
    tariff_code: 0,
    phones: [{ number: 34600000000, reference_id: 'a' }, { number: 999_111_222_333 }],
  };
  const messages = order.phones.map(({ number }) => ({ phone: number }));
  conforms('campaign_price', await post('/api/campaigns/price', { ...order, messages }));
  const sent = await post('/api/campaigns/sms/send', order);
  conforms('sms_send', sent);
  conforms(
    'sms_send_individual',
    await post('/api/campaigns/sms/send-individual', {
      messages: [
        { phone: 34600000000, sender: 'Carillon', text: 'Hello', tariff_code: 0, transliterate: true },
      ],
      start_at: null,
    }),
  );
  const groupId = await makeGroup(api.db, account.id, [{ phone: 34600000000 }]);
  conforms(
    'sms_send_groups',
    await post('/api/campaigns/sms/send-groups', {
      groups: [groupId],
      sender: 'Carillon',
      text: 'Hello {phone}',
    }),
  );
  const universal = { channels: ['sms'], sms: { sender: 'Carillon', text: 'Hello' } };
  conforms(
    'campaign_send',
    await post('/api/campaigns/send', { ...universal, recipients: { phones: [{ number: '34600000000' }] } }),
  );
  conforms(
    'send_message',
    await post('/api/messages/send', { ...universal, phone: { number: '34600000000' } }),
  );
  const path = `/api/campaigns/${sent.body.data.id}`;
  for (const status of ['scheduled', 'sending', 'done', 'paused']) {
    await api.db.pool.query(`update campaign set status = $1, actual_start_at = now(), finished_at = now()`, [
      status,
    ]);
    await api.db.pool.query('update message set status = $1, sent_at = now(), done_at = now()', [
      Status.delivered,
    ]);
    conforms('campaign', await get(path));
    conforms('campaign_details', await get(`${path}/detail`));
    conforms('campaigns', await get('/api/campaigns'));
    conforms('get_messages', await get('/api/messages'));
  }
  const job = await post('/api/stat/jobs', { type: 'message', message_id: [1] });
  conforms('stat_jobs_create', job);
  const { key: jobKey } = job.body as unknown as { key: string };
  conforms('stat_jobs_delete', await callDelete(`/api/stat/jobs/${jobKey}`));
  conforms('campaign_stop', await patch(`${path}/stop`));
});

test('every answer of the contact book has the published types', async (t) => {
  const api = await testApi(t);
  const caller = await customer(api);
  const { get, post, put, patch } = caller;
  const field = await post('/api/contacts/fields', { name: 'City', type: 'text', description: 'Where' });
  conforms('contact_field_create', field);
  const fieldId = field.body.data.id;
  await post('/api/contacts/fields', { name: 'Born', type: 'date', is_visible: false });
  conforms('contact_field_update', await patch(`/api/contacts/fields/${fieldId}`, { name: 'Town' }));
  conforms('contact_fields', await get('/api/contacts/fields'));
  conforms('get_settingsAddressBookFieldsById', await get(`/api/settings/address-book-fields/${fieldId}`));
  const group = await post('/api/groups', { name: 'Customers', description: null, default: true });
  conforms('contact_list_create', group);
  const groupId = group.body.data.id;
  conforms('contact_list_update', await put(`/api/groups/${groupId}`, { name: 'Clients', default: null }));
  const contact = await post('/api/contacts', {
    phone: 34600000000,
    groups: [{ id: groupId, name: 'Clients' }],
    fields: [{ id: fieldId, value: 'Madrid' }],
  });
  conforms('contact_create', contact);
  const contactId = contact.body.data.id;
  conforms('contact', await get(`/api/contacts/${contactId}`));
  conforms('contact_update', await put(`/api/contacts/${contactId}`, { phone: 34600000001 }));
  conforms('contacts', await get('/api/contacts'));
  conforms('contacts_search', await get('/api/contacts/search'));
  const search = 'search[field]=phone&search[operator]=like&search[value]=346';
  conforms('contacts_search', await get(`/api/contacts/search?${search}`));
  const membership = { contacts: [contactId], groups: [groupId] };
  conforms('contact_list_attach', await post('/api/groups/attach', membership));
  conforms('contact_list', await get(`/api/groups/${groupId}`));
  conforms('contact_lists', await get('/api/groups'));
  conforms('contact_list_search', await get(`/api/groups/search?${search}`));
  const stopped = await post('/api/stoplist/attach', { phones: [34600000001], types: ['sms', 'viber'] });
  conforms('stoplist_add', stopped);
  conforms('stoplist_items', await get('/api/stoplist?type=viber'));
  conforms('stoplist_search', await get(`/api/stoplist/search?${search}&contact_group_id=${groupId}`));
  conforms(
    'stoplist_remove',
    await post('/api/stoplist/detach', { ids: [stopped.body.data[0]!.id], types: ['sms'] }),
  );
  conforms('contact_list_detach', await post('/api/groups/detach', membership));
  conforms('contacts_delete', await post(`/api/contacts/delete?contact_ids[]=${contactId}&group_ids[]=1`));
  const other = await post('/api/contacts', { phone: 34600000002 });
  conforms('contact_delete', await caller.delete(`/api/contacts/${other.body.data.id}`));
  conforms('contact_list_delete', await caller.delete(`/api/groups/${groupId}`));
  conforms('post_contactsFieldsDelete', await post('/api/contacts/fields/delete', { ids: [fieldId] }));
});
