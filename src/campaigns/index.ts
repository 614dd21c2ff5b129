// The door of campaigns: creating them, their life cycle, and their report.
export { actOn, type RequestedAction } from './actions.ts';
export { campaignAdminRoutes } from './adminRoutes.ts';
export { batchSize } from './batches.ts';
export { campaignConsoleRoutes } from './consoleRoutes.ts';
export { type Buyer, createCampaign, priceCampaign } from './create.ts';
export { createFilled, type Filled, fillCampaign, fillLimit } from './fill.ts';
export type { FillChunk, FillOptions, Rejection } from './fill-rows.ts';
export { fillGroups, fillGroupsTask } from './groups.ts';
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
export { abandonCampaign, type Draft, insertDraft, openCampaign, readDraft } from './open.ts';
export { operatorTestRoutes } from './operatorTestRoutes.ts';
export { personalRoutes } from './personal-routes.ts';
export { type PersonalText, readPersonalText } from './personal-text.ts';
export { campaignReport, campaignResource, statisticsOf, totalPrice } from './report.ts';
export { campaignRoutes } from './routes.ts';
export { CampaignAnswer } from './schemas.ts';
export {
  type CampaignRow,
  selectActiveCampaigns,
  selectCampaign,
  selectCampaignsById,
  selectComparison,
} from './store.ts';
export { universalRoutes } from './universal-routes.ts';
