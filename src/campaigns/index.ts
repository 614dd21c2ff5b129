// The door of campaigns: creating them, their life cycle, and their report.
export { actOn, type RequestedAction } from './actions.ts';
export { campaignAdminRoutes } from './adminRoutes.ts';
export { batchSize } from './batches.ts';
export { type Buyer, createCampaign, priceCampaign } from './create.ts';
export {
  type CampaignAction,
  type CampaignStatus,
  campaignActions,
  campaignStatuses,
  cancelledStatuses,
  type InitialStatus,
  initialStatus,
  statesFor,
  statusAfter,
  statusAfterSql,
  statusList,
} from './lifecycle.ts';
export { campaignReport, campaignResource, statisticsOf, totalPrice } from './report.ts';
export { campaignRoutes } from './routes.ts';
export {
  type CampaignRow,
  selectActiveCampaigns,
  selectCampaign,
  selectCampaignsById,
  selectComparison,
} from './store.ts';
export { universalRoutes } from './universal-routes.ts';
