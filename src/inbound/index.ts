// The door of inbound messages: what subscribers send, whose it is, and the words that stop and start.
export { inboundAdminRoutes } from './adminRoutes.ts';
export { type Arrival, arrivalOf, keepInbound, takeOpen } from './keep.ts';
export { inboundRoutes } from './routes.ts';
export { addNumber, type InboundNumber, listInbound, listNumbers, removeNumber } from './store.ts';
