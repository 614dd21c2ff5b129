// HTTP of operators and the routes to them, below /admin/api. A running engine takes every change up by itself.
// Registered by src/features.ts.

import type { Db } from '../db/index.ts';
import { type App, identityOf, refusals } from '../http/index.ts';
import * as schemas from './admin-schemas.ts';
import { removeOperator } from './removal.ts';
import {
  addOperator,
  addRoute,
  listOperators,
  listRoutes,
  type OperatorChange,
  type OperatorSummary,
  operatorById,
  removeRoute,
  updateOperator,
  updateRoute,
} from './store.ts';

const tags = ['Admin: operators'];

/** Adds the routes to the server. */
export async function operatorAdminRoutes(app: App, { db }: { db: Db }): Promise<void> {
  addOperators(app, db);
  addRoutes(app, db);
}

function addOperators(app: App, db: Db): void {
  app.get(
    '/admin/api/operators',
    {
      schema: {
        operationId: 'operator_list',
        tags,
        summary: 'Every operator in the order of its name, without passwords',
        response: { 200: schemas.OperatorList, ...refusals(401) },
      },
    },
    async () => ({ data: (await listOperators(db)).map(operatorResource) }),
  );

  app.post(
    '/admin/api/operators',
    {
      schema: {
        operationId: 'operator_add',
        tags,
        summary: 'Add an operator; it gets messages once a route leads to it',
        body: schemas.NewOperator,
        response: { 201: schemas.OperatorAnswer, ...refusals(400, 401, 409, 422) },
      },
    },
    async (request, reply) => {
      const { name, host, port = defaultPort, system_id: systemId, password } = request.body;
      const settings = given(propertiesOf(request.body));
      const operator = { ...settings, name, host, port, systemId, password };
      const id = await addOperator(db, operator, identityOf(request));
      return reply.code(201).send({ data: operatorResource(await operatorById(db, id)) });
    },
  );

  app.get(
    '/admin/api/operators/:id',
    {
      schema: {
        operationId: 'operator_show',
        tags,
        summary: 'Show an operator',
        params: schemas.IdPath,
        response: { 200: schemas.OperatorAnswer, ...refusals(401, 404) },
      },
    },
    async ({ params }) => ({ data: operatorResource(await operatorById(db, params.id)) }),
  );

  app.patch(
    '/admin/api/operators/:id',
    {
      schema: {
        operationId: 'operator_change',
        tags,
        summary: 'Change what is named of an operator, or turn it on or off',
        params: schemas.IdPath,
        body: schemas.OperatorChange,
        response: { 200: schemas.OperatorAnswer, ...refusals(400, 401, 404, 409, 422) },
      },
    },
    async (request) => {
      const { name } = await operatorById(db, request.params.id);
      await updateOperator(db, name, propertiesOf(request.body), identityOf(request));
      return { data: operatorResource(await operatorById(db, request.params.id)) };
    },
  );

  app.delete(
    '/admin/api/operators/:id',
    {
      schema: {
        operationId: 'operator_remove',
        tags,
        summary: 'Remove an operator that nothing leads to and nothing waits for, and answer what it was',
        params: schemas.IdPath,
        response: { 200: schemas.OperatorAnswer, ...refusals(401, 404, 409) },
      },
    },
    async (request) => ({
      data: operatorResource(await removeOperator(db, request.params.id, identityOf(request))),
    }),
  );
}

function addRoutes(app: App, db: Db): void {
  app.get(
    '/admin/api/routes',
    {
      schema: {
        operationId: 'route_list',
        tags,
        summary: 'Every route, in the order in which they are tried for a prefix',
        response: { 200: schemas.RouteList, ...refusals(401) },
      },
    },
    async () => ({ data: await listRoutes(db) }),
  );

  app.post(
    '/admin/api/routes',
    {
      schema: {
        operationId: 'route_add',
        tags,
        summary: 'Send numbers that begin with a prefix to an operator',
        body: schemas.NewRoute,
        response: { 201: schemas.RouteAnswer, ...refusals(400, 401, 404, 409, 422) },
      },
    },
    async (request, reply) => {
      const { operator, prefix = '', priority = 0, weight = defaultWeight } = request.body;
      const route = await addRoute(db, { operator, prefix, priority, weight }, identityOf(request));
      return reply.code(201).send({ data: route });
    },
  );

  app.patch(
    '/admin/api/routes/:id',
    {
      schema: {
        operationId: 'route_change',
        tags,
        summary: 'Change the priority or the weight of a route',
        params: schemas.IdPath,
        body: schemas.RouteChange,
        response: { 200: schemas.RouteAnswer, ...refusals(400, 401, 404, 422) },
      },
    },
    async (request) => ({
      data: await updateRoute(db, request.params.id, request.body, identityOf(request)),
    }),
  );

  app.delete(
    '/admin/api/routes/:id',
    {
      schema: {
        operationId: 'route_remove',
        tags,
        summary: 'Remove a route and answer what it was',
        params: schemas.IdPath,
        response: { 200: schemas.RouteAnswer, ...refusals(401, 404) },
      },
    },
    async (request) => ({ data: await removeRoute(db, request.params.id, identityOf(request)) }),
  );
}

/** The port of SMPP. */
const defaultPort = 2775;
const defaultWeight = 100;

/** The names of a body as those of the store. */
function propertiesOf(
  body: Partial<ReturnType<typeof operatorResource>> & { password?: string },
): OperatorChange {
  return {
    name: body.name,
    simulator: body.simulator,
    enabled: body.enabled,
    host: body.host,
    port: body.port,
    receiverHost: body.receiver_host,
    receiverPort: body.receiver_port,
    tls: body.tls,
    systemId: body.system_id,
    password: body.password,
    systemType: body.system_type,
    bindMode: body.bind_mode,
    sessions: body.sessions,
    windowSize: body.window_size,
    inFlightLimit: body.in_flight_limit,
    throttle: body.throttle,
    responseTimeoutMs: body.response_timeout_ms,
    enquireLinkMs: body.enquire_link_ms,
    messageIdFormat: body.message_id_format,
  };
}

/** Without what is absent. */
function given(change: OperatorChange): { [P in keyof OperatorChange]: NonNullable<OperatorChange[P]> } {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as ReturnType<
    typeof given
  >;
}

function operatorResource(operator: OperatorSummary) {
  return {
    id: operator.id,
    name: operator.name,
    simulator: operator.simulator,
    enabled: operator.enabled,
    host: operator.host,
    port: operator.port,
    receiver_host: operator.receiverHost,
    receiver_port: operator.receiverPort,
    tls: operator.tls,
    system_id: operator.systemId,
    system_type: operator.systemType,
    bind_mode: operator.bindMode,
    sessions: operator.sessions,
    window_size: operator.windowSize,
    in_flight_limit: operator.inFlightLimit,
    throttle: operator.throttle,
    response_timeout_ms: operator.responseTimeoutMs,
    enquire_link_ms: operator.enquireLinkMs,
    message_id_format: operator.messageIdFormat,
  };
}
