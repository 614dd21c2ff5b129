// HTTP of moderation, below /admin/api: held campaigns and decisions, how accounts are moderated, rules and known
// domains. Registered by src/features.ts.

import type { Db } from '../db/index.ts';
import { type App, formatMaybe, formatMoment, identityOf, metaOf, pageOf, refusals } from '../http/index.ts';
import { approveCampaign, type Case, type Deciding, findCase, listCases, rejectCampaign } from './cases.ts';
import { changePolicy, type Policy, policyOf } from './policy.ts';
import {
  addDomain,
  addRule,
  changeRule,
  type KnownDomain,
  listDomains,
  listRules,
  removeDomain,
  removeRule,
  type StoredRule,
} from './rule-store.ts';
import * as schemas from './schemas.ts';

const tags = ['Admin: moderation'];
/** What a key must be allowed to do. */
const config = { scope: 'moderate' } as const;

/** Adds the routes to the server. */
export async function moderationAdminRoutes(app: App, deps: Deciding): Promise<void> {
  const { db } = deps;
  addCases(app, deps);
  addPolicies(app, db);
  addRules(app, db);
  addDomains(app, db);
}

function addCases(app: App, deps: Deciding): void {
  const { db } = deps;
  app.get(
    '/admin/api/moderation',
    {
      config,
      schema: {
        operationId: 'moderation_list',
        tags,
        summary: 'Held campaigns, those that wait longest first',
        querystring: schemas.CaseQuery,
        response: { 200: schemas.CaseList, ...refusals(401, 422) },
      },
    },
    async ({ query }) => {
      const page = pageOf(query);
      const filter = { state: query['filter[status]'], accountId: query['filter[account_id]'] };
      const { cases, total } = await listCases(db, filter, page);
      return { data: cases.map(caseResource), meta: metaOf(page, total) };
    },
  );

  app.get(
    '/admin/api/moderation/:id',
    {
      config,
      schema: {
        operationId: 'moderation_show',
        tags,
        summary: 'One held campaign',
        params: schemas.IdPath,
        response: { 200: schemas.CaseAnswer, ...refusals(401, 404) },
      },
    },
    async ({ params }) => ({ data: caseResource(await findCase(db, params.id)) }),
  );

  app.post(
    '/admin/api/moderation/:id/approve',
    {
      config,
      schema: {
        operationId: 'moderation_approve',
        tags,
        summary: 'Let a held campaign be sent, at its time or at once where that has passed',
        params: schemas.IdPath,
        response: { 200: schemas.CaseAnswer, ...refusals(401, 404, 409) },
      },
    },
    async (request) => {
      const { id } = request.params;
      await approveCampaign(deps, identityOf(request), id);
      return { data: caseResource(await findCase(db, id)) };
    },
  );

  app.post(
    '/admin/api/moderation/:id/reject',
    {
      config,
      schema: {
        operationId: 'moderation_reject',
        tags,
        summary:
          'Reject a held campaign: nothing is sent, its money is given back, its author sees the reason',
        params: schemas.IdPath,
        body: schemas.Rejection,
        response: { 200: schemas.CaseAnswer, ...refusals(400, 401, 404, 409, 422) },
      },
    },
    async (request) => {
      const { id } = request.params;
      await rejectCampaign(deps, identityOf(request), id, request.body.reason);
      return { data: caseResource(await findCase(db, id)) };
    },
  );
}

function addPolicies(app: App, db: Db): void {
  app.get(
    '/admin/api/accounts/:id/moderation',
    {
      config,
      schema: {
        operationId: 'account_moderation',
        tags,
        summary: 'How an account is moderated',
        params: schemas.IdPath,
        response: { 200: schemas.PolicyAnswer, ...refusals(401, 404) },
      },
    },
    async ({ params }) => ({ data: policyResource(await policyOf(db, params.id)) }),
  );

  app.patch(
    '/admin/api/accounts/:id/moderation',
    {
      config,
      schema: {
        operationId: 'account_moderation_change',
        tags,
        summary: 'Change how an account is moderated, for campaigns that are created from now on',
        params: schemas.IdPath,
        body: schemas.PolicyChange,
        response: { 200: schemas.PolicyAnswer, ...refusals(400, 401, 404, 422) },
      },
    },
    async (request) => {
      const { moderation, sender_policy: senderPolicy } = request.body;
      const change = {
        ...(moderation === undefined ? {} : { moderation }),
        ...(senderPolicy === undefined ? {} : { senderPolicy }),
      };
      const policy = await changePolicy(db, identityOf(request), request.params.id, change);
      return { data: policyResource(policy) };
    },
  );
}

function addRules(app: App, db: Db): void {
  app.get(
    '/admin/api/moderation/rules',
    {
      config,
      schema: {
        operationId: 'rule_list',
        tags,
        summary: 'Rules that hold campaigns; of one account, those for all included',
        querystring: schemas.NarrowedQuery,
        response: { 200: schemas.RuleList, ...refusals(401, 422) },
      },
    },
    async ({ query }) => {
      const page = pageOf(query);
      const { rows, total } = await listRules(db, { accountId: query['filter[account_id]'] }, page);
      return { data: rows.map(ruleResource), meta: metaOf(page, total) };
    },
  );

  app.post(
    '/admin/api/moderation/rules',
    {
      config,
      schema: {
        operationId: 'rule_add',
        tags,
        summary: 'Add a rule, for campaigns that are created from now on',
        body: schemas.NewRule,
        response: { 201: schemas.RuleAnswer, ...refusals(400, 401, 404, 409, 422) },
      },
    },
    async (request, reply) => {
      const { kind, value = '', account_id: accountId = null } = request.body;
      const rule = await addRule(db, identityOf(request), { kind, value, accountId });
      return reply.code(201).send({ data: ruleResource(rule) });
    },
  );

  app.patch(
    '/admin/api/moderation/rules/:id',
    {
      config,
      schema: {
        operationId: 'rule_change',
        tags,
        summary: "Change a rule's value, or turn it on or off",
        params: schemas.IdPath,
        body: schemas.RuleChange,
        response: { 200: schemas.RuleAnswer, ...refusals(400, 401, 404, 422) },
      },
    },
    async (request) => {
      const rule = await changeRule(db, identityOf(request), request.params.id, request.body);
      return { data: ruleResource(rule) };
    },
  );

  app.delete(
    '/admin/api/moderation/rules/:id',
    {
      config,
      schema: {
        operationId: 'rule_remove',
        tags,
        summary: 'Remove a rule and answer what it was; what it holds stays held',
        params: schemas.IdPath,
        response: { 200: schemas.RuleAnswer, ...refusals(401, 404) },
      },
    },
    async (request) => ({
      data: ruleResource(await removeRule(db, identityOf(request), request.params.id)),
    }),
  );
}

function addDomains(app: App, db: Db): void {
  app.get(
    '/admin/api/moderation/domains',
    {
      config,
      schema: {
        operationId: 'domain_list',
        tags,
        summary: 'Domains that links may lead to; of one account, those for all included',
        querystring: schemas.NarrowedQuery,
        response: { 200: schemas.DomainList, ...refusals(401, 422) },
      },
    },
    async ({ query }) => {
      const page = pageOf(query);
      const { rows, total } = await listDomains(db, { accountId: query['filter[account_id]'] }, page);
      return { data: rows.map(domainResource), meta: metaOf(page, total) };
    },
  );

  app.post(
    '/admin/api/moderation/domains',
    {
      config,
      schema: {
        operationId: 'domain_add',
        tags,
        summary: 'Add a known domain',
        body: schemas.NewDomain,
        response: { 201: schemas.DomainAnswer, ...refusals(400, 401, 404, 409, 422) },
      },
    },
    async (request, reply) => {
      const { domain, account_id: accountId = null } = request.body;
      const known = await addDomain(db, identityOf(request), { domain, accountId });
      return reply.code(201).send({ data: domainResource(known) });
    },
  );

  app.delete(
    '/admin/api/moderation/domains/:id',
    {
      config,
      schema: {
        operationId: 'domain_remove',
        tags,
        summary: 'Remove a known domain and answer what it was',
        params: schemas.IdPath,
        response: { 200: schemas.DomainAnswer, ...refusals(401, 404) },
      },
    },
    async (request) => ({
      data: domainResource(await removeDomain(db, identityOf(request), request.params.id)),
    }),
  );
}

function caseResource(held: Case) {
  return {
    campaign_id: held.campaignId,
    account: { id: held.accountId, name: held.accountName },
    author: held.author,
    sender: held.sender,
    text: held.text,
    recipients: held.recipients,
    sample: held.sample,
    sample_texts: held.sampleTexts,
    test: held.test,
    status: held.status,
    created_at: formatMoment(held.createdAt),
    start_at: formatMoment(held.startAt),
    reasons: held.reasons,
    held_at: formatMoment(held.heldAt),
    decision: held.decision,
    decided_at: formatMaybe(held.decidedAt),
    decided_by: held.decidedBy,
    reason: held.reason,
    history: held.history,
  };
}

function policyResource({ moderation, senderPolicy }: Policy) {
  return { moderation, sender_policy: senderPolicy };
}

function ruleResource({ id, accountId, kind, value, enabled, createdAt }: StoredRule) {
  return { id, account_id: accountId, kind, value, enabled, created_at: formatMoment(createdAt) };
}

function domainResource({ id, accountId, domain }: KnownDomain) {
  return { id, account_id: accountId, domain };
}
