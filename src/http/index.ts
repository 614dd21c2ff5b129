// The door of the HTTP side: the server that features add their routes to, and the One-API formats they share.
export { addressRange } from './addresses.ts';
export {
  type Identity,
  identityOf,
  type KeyIdentity,
  type KeySource,
  type SessionSource,
} from './authentication.ts';
export {
  answerUnknownRoute,
  type FieldErrors,
  invalid,
  notFound,
  Refusal,
  tooMany,
  unauthenticated,
} from './errors.ts';
export {
  AmountInput,
  AmountNumber,
  AmountString,
  Currency,
  Data,
  Id,
  MaybeAmountNumber,
  MaybeMoment,
  Moment,
  MomentInput,
  refusals,
} from './formats.ts';
export { formatMaybe, formatMoment, momentField, momentForms, parseMoment } from './moment.ts';
export { Meta, metaOf, type Page, pageOf, pageParameters, SortWay } from './paging.ts';
export { adminScopes, type Scope, scopes } from './scopes.ts';
export { type App, buildServer, type Condition, type ServerOptions } from './server.ts';
export { checkOrigin, csrfToken, dropSession, keepSession, sessionToken } from './session-cookie.ts';
export { createTokens, type Tokens } from './tokens.ts';
export { documentedOnly } from './validation.ts';
export { Window } from './window.ts';
export { deleteEndedCounts } from './window-store.ts';
