// HTTP of the built-in simulator, below /admin/api: how it fares, how it behaves, and what can be done to it. It answers
// in the process that runs the simulator. Registered by src/features.ts.

import { recordAudit } from '../audit/index.ts';
import type { Db } from '../db/index.ts';
import { type App, type Identity, identityOf, Refusal, refusals } from '../http/index.ts';
import type { Simulator } from '../simulator/index.ts';
import { behaviourChange, behaviourResource, type Change, simulatorResource } from './resource.ts';
import { BehaviourChange, CutAnswer, SimulatorAnswer } from './schemas.ts';

const tags = ['Admin: operators'];

/** Adds the routes to the server; without a simulator they say that there is none here. */
export async function simulatorAdminRoutes(
  app: App,
  { db, simulator }: { db: Db; simulator?: Simulator | undefined },
): Promise<void> {
  const here = () => {
    if (simulator === undefined) throw noSimulator();
    return simulator;
  };
  const written = (identity: Identity, action: string, details: Record<string, unknown>) =>
    recordAudit(db.pool, { identity, action, subject: 'operator/simulator', ownerId: null, details });

  app.get(
    '/admin/api/simulator',
    {
      schema: {
        operationId: 'simulator_show',
        tags,
        summary: 'The built-in simulator: what it has done, and how it behaves',
        response: { 200: SimulatorAnswer, ...refusals(401, 404) },
      },
    },
    async () => ({ data: simulatorResource(here()) }),
  );

  app.patch(
    '/admin/api/simulator',
    {
      schema: {
        operationId: 'simulator_change',
        tags,
        summary: 'Change what is named of its behaviour, at once, for what comes next',
        description:
          'Messages that it has taken keep to the behaviour that they met. A restart forgets changes.',
        body: BehaviourChange,
        response: { 200: SimulatorAnswer, ...refusals(400, 401, 404, 422) },
      },
    },
    async (request) => {
      const its = here();
      const change = behaviourChange(request.body as Change, its.behaviour());
      const before = behaviourResource(its.behaviour());
      // Written first: a change that nobody could trace is none.
      await written(identityOf(request), 'simulator.change', { before, change: request.body });
      its.behave(change);
      return { data: simulatorResource(its) };
    },
  );

  app.post(
    '/admin/api/simulator/reset',
    {
      schema: {
        operationId: 'simulator_reset',
        tags,
        summary: 'Behave as at the start again',
        response: { 200: SimulatorAnswer, ...refusals(401, 404) },
      },
    },
    async (request) => {
      const its = here();
      await written(identityOf(request), 'simulator.reset', { before: behaviourResource(its.behaviour()) });
      its.reset();
      return { data: simulatorResource(its) };
    },
  );

  app.post(
    '/admin/api/simulator/cut',
    {
      schema: {
        operationId: 'simulator_cut',
        tags,
        summary: 'End every session without a word, as a broken line does',
        response: { 200: CutAnswer, ...refusals(401, 404) },
      },
    },
    async (request) => {
      const its = here();
      await written(identityOf(request), 'simulator.cut', { sessions: its.stats().sessions });
      return { data: { sessions: its.cut() } };
    },
  );
}

function noSimulator(): Refusal {
  return new Refusal(
    404,
    'no_simulator',
    'No simulator runs in this process: it runs in one with the role dispatch, unless SIMULATOR is off.',
  );
}
