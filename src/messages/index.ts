// The door of messages: their state machine, their reasons, and the search for them.
export { readBeginning, spansOf, wrongBeginning } from './by-number.ts';
export { sortBatches } from './by-phone.ts';
export { Reason, reasonText, receiptErrorBase } from './reason.ts';
export {
  lockMessagesOfPhone,
  messagesOfPhone,
  redactBatches,
  redactCampaignTexts,
  redactedPhone,
  redactMessages,
} from './redact.ts';
export { messageRoutes } from './routes.ts';
export { Message } from './schemas.ts';
export { campaignMessage } from './single.ts';
export {
  type Billing,
  billing,
  type MoneyState,
  moneyStates,
  type PublishedStatus,
  publishedStatus,
  publishedStatuses,
  receiptStatuses,
  Status,
  type StatusCode,
  type StatusName,
  statusName,
  transitions,
} from './status.ts';
