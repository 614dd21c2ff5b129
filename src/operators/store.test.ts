import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../test/support/database.ts';
import {
  addOperator,
  addRoute,
  listOperators,
  listRoutes,
  loadRouting,
  operatorByName,
  updateOperator,
} from './store.ts';

const north = { name: 'north', host: 'smpp.north.example', port: 2775, systemId: 'us', password: 'secret' };

test('an operator has sensible defaults, and its password is not in lists', async (t) => {
  const db = await testDatabase(t);
  const id = await addOperator(db, { ...north, throttle: 50 });
  const [listed] = await listOperators(db);
  assert.deepEqual(listed, {
    ...{
      id,
      name: 'north',
      enabled: true,
      simulator: false,
      host: 'smpp.north.example',
      port: 2775,
      tls: false,
    },
    ...{ systemId: 'us', systemType: '', bindMode: 'transceiver', sessions: 1, windowSize: 1000 },
    ...{ inFlightLimit: 2000, throttle: 50, responseTimeoutMs: 30000, enquireLinkMs: 30000 },
    ...{ receiverHost: null, receiverPort: null, messageIdFormat: 'auto' },
  });
  assert.equal((await operatorByName(db, 'north'))?.password, 'secret');
  assert.equal(await operatorByName(db, 'south'), undefined);
});

test('a name can be used once, and impossible values are refused with the reason', async (t) => {
  const db = await testDatabase(t);
  await addOperator(db, north);
  await assert.rejects(addOperator(db, north), /an operator named north already/);
  await assert.rejects(addOperator(db, { ...north, name: 'a b' }), /named by 1 to 40/);
  await assert.rejects(addOperator(db, { ...north, name: 'x', port: 0 }), /port is 1 to 65535/);
  await assert.rejects(addOperator(db, { ...north, name: 'x', systemId: 'x'.repeat(16) }), /at most 15/);
  await assert.rejects(addOperator(db, { ...north, name: 'x', receiverPort: 2776 }), /only a pair/);
});

test('an update changes what differs and says whether anything did', async (t) => {
  const db = await testDatabase(t);
  await addOperator(db, north);
  assert.equal(await updateOperator(db, 'north', { port: 2776, enabled: false, throttle: null }), true);
  assert.equal(await updateOperator(db, 'north', { port: 2776, enabled: false }), false);
  const [listed] = await listOperators(db);
  assert.deepEqual([listed?.port, listed?.enabled], [2776, false]);
  await assert.rejects(updateOperator(db, 'south', { port: 1 }), /no operator named south/);
});

test('routing holds enabled operators only', async (t) => {
  const db = await testDatabase(t);
  const id = await addOperator(db, north);
  await addOperator(db, { ...north, name: 'south' });
  await addRoute(db, { prefix: '', operator: 'north' });
  await addRoute(db, { prefix: '380', operator: 'south', priority: 1, weight: 5 });
  await updateOperator(db, 'south', { enabled: false });
  const { operators, routes } = await loadRouting(db);
  assert.deepEqual(
    operators.map((operator) => [operator.name, operator.password]),
    [['north', 'secret']],
  );
  assert.deepEqual(routes, [{ prefix: '', operatorId: id, priority: 0, weight: 100 }]);
  assert.deepEqual(
    (await listRoutes(db)).map(({ prefix, operator }) => [prefix, operator]),
    [
      ['', 'north'],
      ['380', 'south'],
    ],
  );
});

test('a route needs an operator and digits, and exists once', async (t) => {
  const db = await testDatabase(t);
  await addOperator(db, north);
  await addRoute(db, { prefix: '49', operator: 'north' });
  await assert.rejects(addRoute(db, { prefix: '49', operator: 'north' }), /leads to north already/);
  await assert.rejects(addRoute(db, { prefix: '+49', operator: 'north' }), /no plus/);
  await assert.rejects(addRoute(db, { prefix: '4', operator: 'south' }), /no operator named south/);
});
