// A campaign as the dispatcher knows it, without a database. Used by unit tests of the engine.
import type { Campaign } from '../../src/engine/lane.ts';

export const campaign = (id: number, accountId: number): Campaign => ({
  id,
  accountId,
  sender: 'Shop',
  text: 'Hello',
  test: false,
  validitySeconds: 72 * 3600,
  uncertain: 'resend',
  operatorId: null,
  templates: [],
});
