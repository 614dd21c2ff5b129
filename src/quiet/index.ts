// The door of quiet hours: hours of the day in which an account's bulk messages to a country are held.
export { quietAdminRoutes } from './adminRoutes.ts';
export {
  clearQuietHours,
  listQuietHours,
  loadQuietness,
  type Quietness,
  setQuietHours,
} from './hours.ts';
export type { QuietSpan } from './quiet.ts';
export { formatSpan, parseSpan } from './span.ts';
export type { QuietHours } from './store.ts';
export { timeZonesOf } from './time-zones.ts';
