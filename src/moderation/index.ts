// The door of moderation: which campaigns wait for a person, and what that person decides.
export { moderationAdminRoutes } from './adminRoutes.ts';
export {
  type Act,
  approveCampaign,
  type Case,
  type CaseState,
  caseStates,
  type Decision,
  findCase,
  listCases,
  rejectCampaign,
} from './cases.ts';
export { changePolicy, moderations, type Policy, policyOf, senderPolicies } from './policy.ts';
export { holdCampaign, type NewCase, reasonsToHold } from './reasons.ts';
export { Review } from './review.ts';
export {
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
export { type RuleKind, ruleKinds } from './rules.ts';
