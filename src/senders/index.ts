// The door of senders: the names that messages come from, who may use them, and how one gets them.
export { senderAdminRoutes } from './adminRoutes.ts';
export { isSenderName, senderForms } from './name.ts';
export { readSender } from './read.ts';
export { openStatuses, type RequestStatus, requestStatuses, requestTransitions } from './request-status.ts';
export { decideRequest, findRequest, listRequests, type SenderRequest } from './requests.ts';
export { senderRoutes } from './routes.ts';
export { addSender, changeSender, listSenders, type Sender } from './senders.ts';
export { loadStanding, type Standing, senderStanding } from './standing.ts';
