// The door of campaigns: creating them, their life cycle, and their report.
export { type Buyer, createCampaign, priceCampaign } from './create.ts';
export { batchSize } from './insert.ts';
export {
  type CampaignStatus,
  campaignStatuses,
  campaignTransitions,
  canTransition,
  initialStatus,
  statesBefore,
} from './lifecycle.ts';
export { campaignRoutes } from './routes.ts';
