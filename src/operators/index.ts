// Operators: their rows, the routes to them, and the connections. Others import only this.
export { operatorAdminRoutes } from './adminRoutes.ts';
export {
  addressOf,
  Connector,
  type ConnectorHandlers,
  type OperatorConfig,
  type Outgoing,
} from './connector.ts';
export { clockMs, elapsedMs, OperatorCounts } from './counts.ts';
export { removeOperator } from './removal.ts';
export { type RouteRow, Router, type Target } from './router.ts';
export * from './store.ts';
export { Throttle } from './throttle.ts';
export { loadWays } from './ways.ts';
