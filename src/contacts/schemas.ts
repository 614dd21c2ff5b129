// The bodies, parameters and answers of the contact book, field by field as the One-API publishes them.

import { type TSchema, Type } from 'typebox';
import { Data, Id, MaybeMoment, Moment, pageParameters, SortWay } from '../http/index.ts';
import { msisdnDigits } from '../phones/index.ts';
import { operators } from './criteria.ts';
import { fieldTypes, maxValueLength } from './field-types.ts';
import { limits } from './limits.ts';
import { channels } from './stop-list.ts';

export const IdPath = Type.Object({ id: Id });

const Phone = Type.Integer({
  minimum: 10 ** (msisdnDigits.min - 1),
  maximum: 10 ** msisdnDigits.max - 1,
  description: 'In international form, without plus',
  examples: [34600000000],
});

/** A text without U+0000, which PostgreSQL cannot hold. */
const Words = (minLength: number, maxLength: number, description: string) =>
  Type.String({ minLength, maxLength, pattern: '^[^\\0]*$', description });

const OrNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

// ─── Searches ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** The parameters of a search; `search_fields[1]…` and more are read beside the schema. */
const searchParameters = (fields: string) => {
  const of = (at: string) => ({
    [`${at}[field]`]: Type.Optional(Type.String({ description: `One of: ${fields}` })),
    [`${at}[operator]`]: Type.Optional(
      Type.String({ description: `${operators.join(', ')}; \`=\` unless given`, examples: ['like'] }),
    ),
    [`${at}[value]`]: Type.Optional(Type.String({ maxLength: limits.searchValue })),
  });
  return {
    ...of('search'),
    // Several conditions, all of which must hold: 0, 1, …
    ...of('search_fields[0]'),
  };
};

const Criterion = Type.Object({
  field: Type.Optional(Type.String()),
  operator: Type.Optional(Type.Enum([...operators])),
  value: Type.Optional(Type.String()),
});

const SearchMeta = Type.Object({
  page: Type.Object({
    total: Type.Integer(),
    limit: Type.Integer(),
    offset: Type.Integer(),
    estimated: Type.Optional(
      Type.Boolean({ description: 'True where `total` is an estimate. An extension of Carillon.' }),
    ),
  }),
  search: Type.Object(
    { ...Criterion.properties, search_fields: Type.Optional(Type.Array(Criterion)) },
    {
      description:
        'What was searched for; `search_fields` (an extension) where there were several conditions',
    },
  ),
});

const page = (standard: number) => {
  const parameters = pageParameters(15);
  return { ...parameters, 'page[limit]': { ...parameters['page[limit]'], default: standard } };
};

const sorted = (...by: string[]) => ({ sort: Type.Enum(by, { default: 'id' }), way: SortWay });

// ─── Fields ────────────────────────────────────────────────────────────────────────────────────────────────────────

const fieldName = Words(1, limits.fields.name, 'Unique in the account, in any case of letters');
const fieldDescription = Words(1, limits.fields.description, 'For the people who fill it in');

const Field = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  type: Type.Enum([...fieldTypes]),
  description: Type.Optional(Type.String({ description: 'Absent where there is none' })),
  is_visible: Type.Boolean(),
});

export const FieldAnswer = Data(Field);
export const FieldList = Type.Object({ data: Type.Array(Field) });

export const NewField = Type.Object(
  {
    name: fieldName,
    description: Type.Optional(fieldDescription),
    is_visible: Type.Optional(Type.Boolean({ default: true })),
    type: Type.Enum([...fieldTypes], { description: 'It cannot be changed later' }),
  },
  { examples: [{ name: 'City', type: 'text' }] },
);

export const FieldChange = Type.Object({
  name: Type.Optional(fieldName),
  description: Type.Optional(fieldDescription),
  is_visible: Type.Optional(Type.Boolean()),
});

export const FieldIds = Type.Object({
  ids: Type.Array(Id, { minItems: 1, maxItems: limits.fields.delete }),
});

// ─── Groups ────────────────────────────────────────────────────────────────────────────────────────────────────────

const groupProperties = {
  id: Type.Integer(),
  name: Type.String(),
  description: OrNull(Type.String()),
};

const Group = Type.Object({
  ...groupProperties,
  default: Type.Boolean({ description: 'At most one group of an account is' }),
  created_at: Moment,
  items: Type.Integer({ description: 'Contacts in it' }),
  stop_list_count: Type.Optional(
    Type.Integer({ description: 'Of them on the stop list of SMS; absent inside of contacts' }),
  ),
});

export const GroupAnswer = Data(Group);
export const GroupList = Type.Object({ data: Type.Array(Group), total: Type.Integer() });
export const GroupQuery = Type.Object(page(50));

export const GroupBody = Type.Object(
  {
    name: Words(limits.groups.name.min, limits.groups.name.max, 'Need not be unique'),
    description: Type.Optional(OrNull(Words(1, limits.groups.description, 'For people'))),
    default: Type.Optional(
      OrNull(Type.Boolean({ description: 'True takes it from the group that has been the default one' })),
    ),
  },
  { examples: [{ name: 'Customers' }] },
);

export const groupSorts = ['id', 'items', 'name', 'description', 'created_at'] as const;

export const GroupSearchQuery = Type.Object({
  ...page(50),
  ...sorted(...groupSorts),
  ...searchParameters('id, name, items, created_at, phone (of a contact in it), description'),
});

export const GroupSearch = Type.Object({
  data: Type.Array(
    Type.Object({
      ...groupProperties,
      is_default: Type.Boolean(),
      items: Type.Integer(),
      created_at: Moment,
    }),
  ),
  meta: SearchMeta,
});

const ContactIds = Type.Array(Id, { minItems: 1, maxItems: limits.attach.contacts });

export const Attach = Type.Object({
  contacts: ContactIds,
  groups: Type.Array(Id, { minItems: 1, maxItems: limits.attach.groups }),
});

export const Empty = Type.Object({});

// ─── Contacts ──────────────────────────────────────────────────────────────────────────────────────────────────────

const Contact = Type.Object({
  id: Type.Integer(),
  phone: Phone,
  fields: Type.Array(Type.Record(Type.String(), Type.String()), {
    description: 'An object for each value: the id of its field, and the value',
    examples: [[{ '12': 'Anna' }, { '13': '2001-05-17' }]],
  }),
  created_at: Moment,
  groups: Type.Array(Group, { maxItems: limits.groupsOfContact }),
  hlr_status: Type.String({ description: '`unknown`: numbers are not looked up yet' }),
  hlr_last_check: MaybeMoment,
});

export const ContactAnswer = Data(Contact);
export const ContactList = Type.Object({ data: Type.Array(Contact), total: Type.Integer() });

export const ContactBody = Type.Object(
  {
    phone: Phone,
    groups: Type.Optional(
      Type.Array(Type.Union([Type.Object({ id: Id }), Id]), {
        maxItems: limits.groupsOfContact,
        description:
          'Objects with an `id`, or ids. When a contact is changed, all its groups; absent: as they are',
      }),
    ),
    fields: Type.Optional(
      Type.Array(
        Type.Object({
          id: Type.Optional(Id),
          value: Type.Optional(
            Type.Union([Type.String({ maxLength: maxValueLength }), Type.Number(), Type.Null()]),
          ),
        }),
        {
          maxItems: limits.fields.max,
          description:
            'Pairs of `id` and `value`, or objects as answers have them: `{"12": "Anna"}`. An empty or null value takes it away; fields that are absent stay',
        },
      ),
    ),
  },
  { examples: [{ phone: 34600000000, fields: [{ id: 12, value: 'Anna' }], groups: [{ id: 3 }] }] },
);

export const ContactQuery = Type.Object({
  ...page(20),
  'groups[]': Type.Optional(
    Type.Array(Type.Integer(), { maxItems: limits.attach.groups, description: 'In any of these groups' }),
  ),
});

export const ContactSearchQuery = Type.Object({
  ...page(50),
  ...sorted('id', 'phone'),
  ...searchParameters('id, phone, group_id, created_at, or the id of a field'),
});

export const ContactSearch = Type.Object({ data: Type.Array(Contact), meta: SearchMeta });

export const ContactsDelete = Type.Object({
  'contact_ids[]': Type.Optional(Type.Array(Id, { minItems: 1, maxItems: limits.attach.contacts })),
  'group_ids[]': Type.Optional(
    Type.Array(Id, {
      minItems: 1,
      maxItems: limits.attach.groups,
      description: 'All contacts in these groups',
    }),
  ),
});

// ─── Stop list ─────────────────────────────────────────────────────────────────────────────────────────────────────

const StopEntry = Type.Object({
  id: Type.Integer(),
  phone: Phone,
  created_at: Moment,
  sms_stoplist: Type.Boolean(),
  viber_stoplist: Type.Boolean(),
  rcs_stoplist: Type.Boolean(),
  whatsapp_stoplist: Type.Boolean({ description: 'An extension of Carillon' }),
});

const ChannelName = Type.Enum([...channels]);

export const StopList = Type.Object({ data: Type.Array(StopEntry), total: Type.Integer() });
export const StopListQuery = Type.Object({ ...page(20), type: Type.Optional(ChannelName) });

export const StopListAdd = Type.Object(
  {
    phones: Type.Array(Phone, { minItems: 1, maxItems: limits.stopList.attach }),
    types: Type.Array(ChannelName, { minItems: 1, maxItems: channels.length }),
  },
  { examples: [{ phones: [34600000000], types: ['sms'] }] },
);

export const StopListAdded = Type.Object({ data: Type.Array(StopEntry) });

export const StopListRemove = Type.Object({
  ids: Type.Array(Id, {
    minItems: 1,
    maxItems: limits.stopList.detach,
    description: 'Of entries of the stop list',
  }),
  types: Type.Array(ChannelName, { minItems: 1, maxItems: channels.length }),
});

export const StopSearchQuery = Type.Object({
  ...page(50),
  ...sorted('id', 'phone'),
  contact_group_id: Type.Optional(Type.Integer({ description: 'Only contacts in this group' })),
  ...searchParameters(`id, phone, created_at, type (${channels.join(', ')})`),
});

export const StopSearch = Type.Object({ data: Type.Array(StopEntry), meta: SearchMeta });
