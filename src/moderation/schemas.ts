// The bodies and parameters of the moderation operations of the admin API.

import { Type } from 'typebox';
import { Data, Id, MaybeMoment, Meta, Moment, pageParameters } from '../http/index.ts';
import { caseStates, maxReasonLength } from './cases.ts';
import { moderations, senderPolicies } from './policy.ts';
import { ruleKinds } from './rules.ts';

const MaybeId = Type.Union([Id, Type.Null()], { description: 'Null: for every account' });
/** PostgreSQL takes no U+0000. */
const pattern = '^[^\\0]*$';
const Maybe = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Union([schema, Type.Null()]);

export const IdPath = Type.Object({ id: Id });

const Party = Type.Object({ id: Type.Integer(), name: Type.String() });

const HeldCampaign = Type.Object({
  campaign_id: Type.Integer(),
  account: Party,
  author: Type.Union([Type.Object({ type: Type.Enum(['user', 'key']), ...Party.properties }), Type.Null()], {
    description: 'The user of the console or the API key that made it; null where that was not written down',
  }),
  sender: Type.String(),
  text: Type.String(),
  recipients: Type.Integer(),
  sample: Type.Array(Type.Integer(), { description: 'The first few numbers' }),
  sample_texts: Type.Array(Type.String(), {
    description: 'What the same few are told, each text once',
  }),
  test: Type.Boolean({ description: 'Made with a test_ key: it goes to the simulator only' }),
  status: Type.String({ description: 'Of the campaign: `stopped` where its author did not wait' }),
  created_at: Moment,
  start_at: Moment,
  reasons: Type.Array(Type.String(), { description: 'Why it is held' }),
  held_at: Moment,
  decision: Maybe(Type.Enum(['approved', 'rejected'])),
  decided_at: MaybeMoment,
  decided_by: Maybe(Party),
  reason: Maybe(Type.String()),
  history: Type.Object(
    {
      of: Type.Enum(['user', 'account'], { description: 'Whose: of the user who made it, where one did' }),
      campaigns: Type.Integer(),
      held: Type.Integer(),
      approved: Type.Integer(),
      rejected: Type.Integer(),
    },
    { description: "What became of the author's campaigns so far, this one included" },
  ),
});

export const CaseAnswer = Data(HeldCampaign);
export const CaseList = Type.Object({ data: Type.Array(HeldCampaign), meta: Meta });

export const CaseQuery = Type.Object({
  ...pageParameters(1),
  'filter[status]': Type.Enum([...caseStates], { default: 'open' }),
  'filter[account_id]': Type.Optional(Id),
});

export const Rejection = Type.Object(
  {
    reason: Type.String({
      minLength: 1,
      maxLength: maxReasonLength,
      pattern,
      description: 'The author reads it',
    }),
  },
  { examples: [{ reason: 'Gambling is not allowed.' }] },
);

const AccountModeration = Type.Object({
  moderation: Type.Enum([...moderations]),
  sender_policy: Type.Enum([...senderPolicies]),
});

export const PolicyAnswer = Data(AccountModeration);

export const PolicyChange = Type.Object({
  moderation: Type.Optional(
    Type.Enum([...moderations], {
      description: 'Hold none of its campaigns, the first one of each sender, or every one; rules hold more',
    }),
  ),
  sender_policy: Type.Optional(
    Type.Enum([...senderPolicies], {
      description: 'What becomes of campaigns whose sender is not registered',
    }),
  ),
});

const Value = Type.String({
  maxLength: 1000,
  pattern,
  description:
    'The word or phrase; the regular expression (JavaScript, any case of letters); how many recipients need no moderation; empty for `link` and `sender`',
});

const Rule = Type.Object({
  id: Type.Integer(),
  account_id: MaybeId,
  kind: Type.Enum([...ruleKinds]),
  value: Value,
  enabled: Type.Boolean(),
  created_at: Moment,
});

export const RuleAnswer = Data(Rule);
export const RuleList = Type.Object({ data: Type.Array(Rule), meta: Meta });

/** What holds for one account includes what holds for all. */
export const NarrowedQuery = Type.Object({
  ...pageParameters(1),
  'filter[account_id]': Type.Optional(Id),
});

export const NewRule = Type.Object(
  {
    kind: Type.Enum([...ruleKinds]),
    value: Type.Optional(Value),
    account_id: Type.Optional(MaybeId),
  },
  { examples: [{ kind: 'word', value: 'casino' }] },
);

export const RuleChange = Type.Object({
  value: Type.Optional(Value),
  enabled: Type.Optional(Type.Boolean()),
});

const Domain = Type.Object({
  id: Type.Integer(),
  account_id: MaybeId,
  domain: Type.String({ description: 'In lower case, IDN as punycode; its subdomains are known with it' }),
});

export const DomainAnswer = Data(Domain);
export const DomainList = Type.Object({ data: Type.Array(Domain), meta: Meta });

export const NewDomain = Type.Object(
  {
    domain: Type.String({ minLength: 1, maxLength: 255 }),
    account_id: Type.Optional(MaybeId),
  },
  { examples: [{ domain: 'example.com' }] },
);
