// For every operation a request that succeeds, so that the fuzz reaches what lies behind all checks. An operation that
// is missing here fails test/fuzz-http.test.ts: add it, with what must be there before it can succeed.

import type { Db } from '../src/db/index.ts';
import type { Json, Request } from './http-request.ts';

/** Makes things over the API, as their owners would. */
export type World = {
  db: Db;
  /** The customer whose key is used. */
  accountId: number;
  /** Asks with the key of the customer, or of the administrator below /admin; the `data` of the answer. */
  make(method: string, path: string, body?: Json): Promise<{ id: number } & Record<string, unknown>>;
  /** Another number with each call, for what must not be the same twice. */
  next(): number;
};

type Good = (world: World) => Promise<Partial<Request>> | Partial<Request>;

/** A body with one more field. */
const phone = (world: World) => 34_600_000_000 + world.next();

const sms = (world: World) => ({
  sender: 'Carillon',
  text: `Hello ${world.next()}`,
  phones: [{ number: phone(world), reference_id: `r${world.next()}` }, { number: phone(world) }],
});

/** A campaign of the customer, in a state. */
async function campaign(world: World, status?: 'sending' | 'paused'): Promise<Partial<Request>> {
  const { id } = await world.make('POST', '/api/campaigns/sms/send', sms(world));
  if (status !== undefined)
    await world.db.pool.query('update campaign set status = $2 where id = $1', [id, status]);
  return { params: { id: String(id) } };
}

/** A campaign that waits for a moderator. */
async function held(world: World): Promise<Partial<Request>> {
  const path = `/admin/api/accounts/${world.accountId}/moderation`;
  await world.make('PATCH', path, { moderation: 'always' });
  const made = await campaign(world);
  await world.make('PATCH', path, { moderation: 'off' });
  return made;
}

const account = async (world: World) => ({
  params: {
    id: String((await world.make('POST', '/admin/api/accounts', { name: `shop ${world.next()}` })).id),
  },
});

const papers = (world: World) => ({
  ...{
    country_code: 'ES',
    type: 'sms',
    sender: `Shop${world.next()}`,
    code_of_company: '12345678',
    name: 'x',
  },
  ...{ tax_number: 'ESB12345678', legal_name: 'Carillon SL', address: 'Calle Mayor 1, Madrid' },
  ...{ description: 'Your order 17 is ready', informing_purpose: 'News of orders' },
});

const senderRequest = async (world: World) => ({
  params: { id: String((await world.make('POST', '/api/senders/requests/legal', papers(world))).id) },
});

const rule = async (world: World) => ({
  params: {
    id: String(
      (await world.make('POST', '/admin/api/moderation/rules', { kind: 'word', value: `qqq${world.next()}` }))
        .id,
    ),
  },
});

const sender = async (world: World) => ({
  params: {
    id: String(
      (
        await world.make('POST', '/admin/api/senders', {
          account_id: world.accountId,
          sender: `S${world.next()}`,
        })
      ).id,
    ),
  },
});

const tariff = { params: { code: '0' } };

const rate = async (world: World) => ({
  params: {
    code: '0',
    id: String(
      (
        await world.make('POST', '/admin/api/tariffs/0/rates', {
          prefix: `999${world.next()}`,
          price: '0.01',
        })
      ).id,
    ),
  },
});

const operator = (world: World) => ({
  ...{ name: `op${world.next()}`, host: '127.0.0.1', port: 9, system_id: 'x', password: 'secret' },
});

const route = async (world: World) => {
  const { name } = await world.make('POST', '/admin/api/operators', operator(world));
  const { id } = await world.make('POST', '/admin/api/routes', { operator: name as string, prefix: '999' });
  return { params: { id: String(id) } };
};

const key = (world: World) =>
  world.make('POST', '/admin/api/keys', { account_id: world.accountId, name: `k${world.next()}` });

/** A number that nothing keeps from being erased. */
const unhindered = async (world: World) => {
  await world.db.pool.query(
    `with over as (update import set state = 'cancelled', finished_at = now() where finished_at is null returning id)
     delete from import_chunk where import_id in (select id from over)`,
  );
  await world.db.pool.query(
    `update campaign set status = 'stopped', finished_at = now() where status = 'creation'`,
  );
  return { body: { phone: phone(world) } };
};

const inboundNumber = async (world: World) => ({
  params: {
    id: String(
      (
        await world.make('POST', '/admin/api/inbound-numbers', {
          address: `38${world.next()}`,
          account_id: world.accountId,
        })
      ).id,
    ),
  },
});

const exported = async (world: World) => {
  const { rows } = await world.db.pool.query<{ id: number }>(
    `insert into export_job (account_id, request, format, status) values ($1, '{}', 'xlsx', 'done') returning id`,
    [world.accountId],
  );
  return { params: { id: String(rows[0]!.id) } };
};

/** A form with a file, as its fields and the file's text. */
const form = (fields: Record<string, string>, file: string): Partial<Request> => ({
  headers: { 'content-type': 'multipart/form-data; boundary=fuzz' },
  body: [
    ...Object.entries(fields).map(([name, value]) => `name="${name}"\r\n\r\n${value}`),
    `name="file"; filename="a.csv"\r\n\r\n${file}`,
  ]
    .map((part) => `--fuzz\r\nContent-Disposition: form-data; ${part}\r\n`)
    .concat('--fuzz--\r\n')
    .join(''),
});

const campaignForm = (world: World) =>
  form({ sender: 'Carillon', text: 'Hello {name}' }, `phone,name\n${phone(world)},Ann\n`);

const importMade = async (world: World) => {
  const { rows } = await world.db.pool.query<{ id: number }>(
    `insert into import (account_id, kind, state, options, format)
     values ($1, 'contacts', 'waiting', '{}', '{"columns":[]}') returning id`,
    [world.accountId],
  );
  return { params: { id: String(rows[0]!.id) } };
};

/** A thing of the contact book. */
const made = async (world: World, what: 'contacts' | 'groups', body: Json = {}) =>
  (
    await world.make('POST', `/api/${what}`, {
      ...(what === 'contacts' ? { phone: phone(world) } : { name: `List ${world.next()}` }),
      ...(body as object),
    })
  ).id;

const contact = async (world: World) => ({ params: { id: String(await made(world, 'contacts')) } });
const group = async (world: World) => ({ params: { id: String(await made(world, 'groups')) } });

/** A field, of which an account may have fifty. */
async function field(world: World): Promise<number> {
  await world.db.pool.query('delete from contact_field where account_id = $1', [world.accountId]);
  return (await world.make('POST', '/api/contacts/fields', { name: `f${world.next()}`, type: 'text' })).id;
}

const membership = async (world: World) => ({
  body: { contacts: [await made(world, 'contacts')], groups: [await made(world, 'groups')] },
});

const search: Good = () => ({
  query: [
    ['search[field]', 'phone'],
    ['search[operator]', 'like'],
    ['search[value]', '346'],
  ],
});

const nothing: Good = () => ({});

/** By operation. What is not given is empty. */
export const good: Record<string, Good> = {
  healthz: nothing,
  readyz: nothing,
  login: async (world) => ({ body: { api_key: (await key(world)).key as string } }),
  refresh_token: nothing,
  account_balance: nothing,
  account_tariffs: nothing,
  campaign_price: (world) => {
    const { phones: _, ...rest } = sms(world);
    return { body: { ...rest, messages: [{ phone: phone(world) }] } };
  },
  sms_send: (world) => ({ body: sms(world) }),
  sms_send_groups: async (world) => {
    const { rows } = await world.db.pool.query<{ id: number }>(
      `with made as (insert into contact_group (account_id, name) values ($1, 'fuzz') returning id),
         reached as (
           insert into contact (account_id, phone) values ($1, $2)
           on conflict (account_id, phone) do update set phone = excluded.phone returning id
         )
       insert into contact_group_member (group_id, contact_id) select made.id, reached.id from made, reached
       returning group_id as id`,
      [world.accountId, phone(world)],
    );
    return { body: { groups: [rows[0]!.id], sender: 'Carillon', text: 'Hello {phone}' } };
  },
  sms_send_individual: (world) => ({
    body: {
      messages: [
        {
          phone: phone(world),
          sender: 'Carillon',
          text: `Hello ${world.next()}`,
          reference_id: `i${world.next()}`,
        },
        { phone: phone(world), sender: 'Carillon', text: 'Hello' },
      ],
    },
  }),
  campaigns: nothing,
  campaign: (world) => campaign(world),
  campaign_details: (world) => campaign(world),
  campaign_stop: (world) => campaign(world),
  campaign_pause: (world) => campaign(world, 'sending'),
  campaign_resume: (world) => campaign(world, 'paused'),
  get_messages: nothing,
  sms_import: campaignForm,
  contacts_import: (world) => form({}, `phone\n${phone(world)}\n`),
  stoplist_import: (world) => form({}, `phone\n${phone(world)}\n`),
  import_preview: (world) => form({}, `phone\n${phone(world)}\n`),
  imports: nothing,
  import_show: importMade,
  import_rejected: importMade,
  import_cancel: importMade,
  campaign_send: (world) => ({
    body: {
      channels: ['sms'],
      sms: { sender: 'Carillon', text: `Hello ${world.next()}` },
      recipients: { phones: [{ number: String(phone(world)) }] },
    },
  }),
  send_message: (world) => ({
    body: {
      channels: ['sms'],
      sms: { sender: 'Carillon', text: `Hello ${world.next()}` },
      phone: { number: String(phone(world)), reference_id: `m${world.next()}` },
    },
  }),
  stat_jobs_create: async ({ db }) => {
    await db.pool.query("update export_job set status = 'failed'");
    return { body: { type: 'message', message_id: [1, 2] } };
  },
  stat_jobs_list: nothing,
  stat_jobs_show: exported,
  stat_jobs_file: exported,
  stat_jobs_delete: exported,
  privacy_erase: unhindered,
  privacy_export: (world) => ({ query: [['phone', String(phone(world))]] }),
  privacy_erase_everywhere: unhindered,
  privacy_export_everything: (world) => ({ query: [['phone', String(phone(world))]] }),
  inbound: nothing,
  inbound_words: nothing,
  inbound_words_set: () => ({ body: { stop: ['STOP', 'BAJA'], start: ['ALTA'] } }),
  inbound_list: nothing,
  inbound_number_list: nothing,
  inbound_number_add: (world) => ({ body: { address: `39${world.next()}`, account_id: world.accountId } }),
  inbound_number_remove: inboundNumber,
  contacts: nothing,
  contacts_search: search,
  contact,
  contact_create: async (world) => {
    const id = await field(world);
    const groups = [{ id: await made(world, 'groups') }];
    return { body: { phone: phone(world), groups, fields: [{ id, value: 'Anna' }] } };
  },
  contact_update: async (world) => ({ ...(await contact(world)), body: { phone: phone(world), groups: [] } }),
  contact_delete: contact,
  contacts_delete: async (world) => ({ query: [['contact_ids[]', String(await made(world, 'contacts'))]] }),
  contact_fields: nothing,
  contact_field_create: async (world) => {
    await field(world);
    return { body: { name: `f${world.next()}`, type: 'date', description: 'A day', is_visible: false } };
  },
  contact_field_update: async (world) => ({
    params: { id: String(await field(world)) },
    body: { name: `f${world.next()}`, description: 'x', is_visible: true },
  }),
  post_contactsFieldsDelete: async (world) => ({ body: { ids: [await field(world)] } }),
  get_settingsAddressBookFieldsById: async (world) => ({ params: { id: String(await field(world)) } }),
  contact_lists: nothing,
  contact_list_search: search,
  contact_list: group,
  contact_list_create: (world) => ({
    body: { name: `List ${world.next()}`, description: 'x', default: true },
  }),
  contact_list_update: async (world) => ({
    ...(await group(world)),
    body: { name: `List ${world.next()}`, default: false },
  }),
  contact_list_delete: group,
  contact_list_attach: membership,
  contact_list_detach: membership,
  stoplist_items: nothing,
  stoplist_search: search,
  stoplist_add: (world) => ({ body: { phones: [phone(world)], types: ['sms'] } }),
  stoplist_remove: (world) => ({ body: { ids: [world.next()], types: ['sms', 'viber'] } }),
  senders: () => ({ query: [['type', 'sms']] }),
  sender_requests: nothing,
  sender_request_legal: (world) => ({ body: papers(world) }),
  sender_request_natural: (world) => ({ body: papers(world) }),
  get_internalCorePrices: () => ({ query: [['product', 'sms']] }),
  get_internalCorePricesByCountryCode: () => ({ params: { countryCode: 'ES' }, query: [['product', 'sms']] }),
  get_internalCountries: nothing,
  get_internalCurrencies: nothing,
  account_list: nothing,
  account_create: (world) => ({ body: { name: `acme ${world.next()}`, credit: '20' } }),
  account_show: account,
  account_change: async (world) => ({
    ...(await account(world)),
    body: { name: `new ${world.next()}`, messages_per_second: 100, default_sender: null },
  }),
  account_top_up: async (world) => ({ ...(await account(world)), body: { amount: '100', note: 'invoice' } }),
  account_adjust: async (world) => ({ ...(await account(world)), body: { amount: '-1.5', note: 'twice' } }),
  key_list: nothing,
  key_create: (world) => ({
    body: { account_id: world.accountId, kind: 'test', name: 'x', addresses: ['10.0.0.0/8'] },
  }),
  key_revoke: async (world) => ({ params: { id: String((await key(world)).id) } }),
  account_statement: (world) => ({ params: { id: String(world.accountId) } }),
  campaign_list: nothing,
  campaign_show: (world) => campaign(world),
  campaign_stop_any: (world) => campaign(world),
  campaign_pause_any: (world) => campaign(world, 'sending'),
  campaign_resume_any: (world) => campaign(world, 'paused'),
  moderation_list: nothing,
  moderation_show: held,
  moderation_approve: held,
  moderation_reject: async (world) => ({ ...(await held(world)), body: { reason: 'no' } }),
  account_moderation: account,
  account_moderation_change: async (world) => ({ ...(await account(world)), body: { moderation: 'first' } }),
  rule_list: nothing,
  rule_add: (world) => ({
    body: { kind: 'pattern', value: `qq+${world.next()}`, account_id: world.accountId },
  }),
  rule_change: async (world) => ({
    ...(await rule(world)),
    body: { value: `zzz${world.next()}`, enabled: false },
  }),
  rule_remove: rule,
  domain_list: nothing,
  domain_add: (world) => ({ body: { domain: `shop${world.next()}.example` } }),
  domain_remove: async (world) => ({
    params: {
      id: String(
        (await world.make('POST', '/admin/api/moderation/domains', { domain: `x${world.next()}.example` }))
          .id,
      ),
    },
  }),
  account_quiet_hours: account,
  account_quiet_hours_set: async (world) => ({
    ...(await account(world)),
    body: { country: 'FR', from: '22:00', to: '08:00' },
  }),
  account_quiet_hours_clear: async (world) => {
    const { params } = await account(world);
    await world.make('PUT', `/admin/api/accounts/${params.id}/quiet-hours`, {
      ...{ country: 'FR', from: '22:00', to: '08:00' },
    });
    return { params, query: [['country', 'FR']] };
  },
  sender_request_list: nothing,
  sender_request_show: senderRequest,
  sender_request_decide: async (world) => ({
    ...(await senderRequest(world)),
    body: { status: 'registered' },
  }),
  sender_list: nothing,
  sender_add: (world) => ({
    body: { account_id: world.accountId, sender: `S${world.next()}`, country: null },
  }),
  sender_change: async (world) => ({ ...(await sender(world)), body: { status: 'blocked' } }),
  tariff_list: nothing,
  tariff_create: async (world) => {
    const { rows } = await world.db.pool.query<{ code: number }>(
      'select n as code from generate_series(0, 9) n where n not in (select code from tariff) order by n limit 1',
    );
    return { body: { code: rows[0]?.code ?? 9, name: `t ${world.next()}`, currency: 'EUR' } };
  },
  tariff_show: () => tariff,
  tariff_change: (world) => ({ ...tariff, body: { name: `t ${world.next()}` } }),
  rate_list: () => tariff,
  rate_create: (world) => ({
    ...tariff,
    body: { prefix: `998${world.next()}`, price: '0.0123', operator: 'North', country: 'UA' },
  }),
  rate_change: async (world) => ({ ...(await rate(world)), body: { price: 0.5, operator: 'South' } }),
  rate_remove: rate,
  rate_import: (world) => ({ ...tariff, body: `prefix,price,operator\n997${world.next()},0.01,North\n` }),
  operator_list: nothing,
  operator_add: (world) => ({ body: operator(world) }),
  operator_show: async (world) => ({
    params: { id: String((await world.make('POST', '/admin/api/operators', operator(world))).id) },
  }),
  operator_remove: async (world) => ({
    params: { id: String((await world.make('POST', '/admin/api/operators', operator(world))).id) },
  }),
  operator_change: async (world) => ({
    params: { id: String((await world.make('POST', '/admin/api/operators', operator(world))).id) },
    body: { host: 'smsc.example', throttle: null, enabled: false },
  }),
  route_list: nothing,
  route_add: async (world) => {
    const { name } = await world.make('POST', '/admin/api/operators', operator(world));
    return { body: { operator: name as string, prefix: '999', weight: 2 } };
  },
  route_change: async (world) => ({ ...(await route(world)), body: { priority: 1 } }),
  route_remove: route,
  operator_test_message: async (world) => ({
    params: {
      id: String(
        (await world.make('POST', '/admin/api/operators', { ...operator(world), simulator: true })).id,
      ),
    },
    body: { phone: phone(world), sender: 'Carillon', text: `Hello ${world.next()}` },
  }),
  simulator_show: nothing,
  simulator_change: () => ({
    body: { shares: { undelivered: 10 }, throughput: 500, quirks: { ids: 'hex' } },
  }),
  simulator_reset: nothing,
  simulator_cut: nothing,
  audit_list: nothing,
  account_own_statement: nothing,
  account_spending: nothing,
  campaign_timeline: (world) => campaign(world),
  campaign_breakdown: (world) => campaign(world),
  campaign_comparison: nothing,
  text_measure: (world) => ({ body: { text: `Привет ${world.next()}` } }),
};
