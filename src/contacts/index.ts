// The door of contacts: an account's contact book, its groups and its stop list.
export { contactRoutes } from './contact-routes.ts';
export { fieldRoutes } from './field-routes.ts';
export { checkValue, type FieldType, valueForms } from './field-types.ts';
export { createField, type Field, selectFields } from './fields.ts';
export { groupRoutes } from './group-routes.ts';
export { groupsOf, selectGroups } from './groups.ts';
export { contactsOfPhone, eraseContact, type KnownContact, type KnownStop } from './privacy.ts';
export {
  countRecipients,
  type RecipientChunk,
  type RecipientCounts,
  streamRecipients,
} from './recipients.ts';
export { addToStopList, removeFromStopList, type StopSource, selectStopped } from './stop-list.ts';
export { stopListRoutes } from './stop-routes.ts';
export { type ContactRows, upsertContacts } from './write.ts';
