// Every route of every feature, in the order of the documentation: the one list that the server of `serve` and the
// servers of the tests are made from. Called by app.ts and test/support/api.ts.

import {
  accountAdminRoutes,
  accountConsoleRoutes,
  accountRoutes,
  spendingRoutes,
  statementRoutes,
} from './accounts/index.ts';
import { auditAdminRoutes } from './audit/index.ts';
import {
  actOn,
  campaignAdminRoutes,
  campaignConsoleRoutes,
  campaignRoutes,
  operatorTestRoutes,
  personalRoutes,
  universalRoutes,
} from './campaigns/index.ts';
import { contactRoutes, fieldRoutes, groupRoutes, stopListRoutes } from './contacts/index.ts';
import type { Db } from './db/index.ts';
import { exportRoutes } from './exports/index.ts';
import { figureRoutes } from './figures/index.ts';
import type { App } from './http/index.ts';
import { importRoutes } from './imports/index.ts';
import { inboundAdminRoutes, inboundRoutes } from './inbound/index.ts';
import { liveRoutes } from './live/index.ts';
import { messageRoutes } from './messages/index.ts';
import { moderationAdminRoutes } from './moderation/index.ts';
import { operatorAdminRoutes } from './operators/index.ts';
import { privacyAdminRoutes, privacyRoutes } from './privacy/index.ts';
import { quietAdminRoutes } from './quiet/index.ts';
import { senderAdminRoutes, senderRoutes } from './senders/index.ts';
import type { Simulator } from './simulator/index.ts';
import { simulatorAdminRoutes } from './simulator-control/index.ts';
import { tariffAdminRoutes, tariffRoutes } from './tariffs/index.ts';
import { ownRoutes, sessionRoutes, userAdminRoutes } from './users/index.ts';

/** What routes are made of; the simulator only in the process that runs one. */
type Parts = { db: Db; simulator?: Simulator | undefined };
type Routes = (app: App, parts: Parts) => Promise<void>;

/** Below /api: what an account does with its own things. */
const customerRoutes: readonly Routes[] = [
  accountRoutes,
  spendingRoutes,
  campaignRoutes,
  personalRoutes,
  figureRoutes,
  messageRoutes,
  exportRoutes,
  universalRoutes,
  contactRoutes,
  fieldRoutes,
  groupRoutes,
  stopListRoutes,
  senderRoutes,
  inboundRoutes,
  tariffRoutes,
  importRoutes,
  privacyRoutes,
];

/**
 * Below /admin/api: what administrators do with the things of every account. Their keys need the scope `admin`, or the
 * one that a route's config names.
 */
const adminRoutes: readonly Routes[] = [
  accountAdminRoutes,
  statementRoutes,
  campaignAdminRoutes,
  (app, { db }) => moderationAdminRoutes(app, { db, act: actOn }),
  quietAdminRoutes,
  senderAdminRoutes,
  inboundAdminRoutes,
  privacyAdminRoutes,
  tariffAdminRoutes,
  operatorAdminRoutes,
  operatorTestRoutes,
  simulatorAdminRoutes,
  auditAdminRoutes,
];

/** Below /console/api: what serves the console alone. Routes of administrators say so in their config. */
const consoleRoutes: readonly Routes[] = [
  sessionRoutes,
  ownRoutes,
  userAdminRoutes,
  accountConsoleRoutes,
  campaignConsoleRoutes,
  liveRoutes,
];

/** Adds them all to a server. */
export async function addFeatures(app: App, parts: Parts): Promise<void> {
  for (const routes of [...customerRoutes, ...adminRoutes, ...consoleRoutes]) {
    await app.register((scope: App) => routes(scope, parts));
  }
}
