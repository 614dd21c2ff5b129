import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, describeVariables, loadConfig } from './config.ts';

test('without any variable there is a working configuration, frozen', () => {
  const config = loadConfig({});
  assert.equal(config.port, 8080);
  assert.equal(config.databaseUrl, undefined);
  assert.deepEqual(config.roles, ['api', 'dispatch', 'jobs']);
  assert.equal(config.operator, undefined);
  assert.throws(() => Object.assign(config, { port: 1 }), TypeError);
  assert.throws(() => (config.roles as string[]).push('x'), TypeError);
});

test('what the command line says wins over the environment, and an empty variable is an unset one', () => {
  assert.equal(loadConfig({ PORT: '1' }, { PORT: '2' }).port, 2);
  assert.equal(loadConfig({ PORT: '' }).port, 8080);
});

test('every wrong value is named with what would be right, and secrets are not shown', () => {
  const env = {
    PORT: '70000',
    ROLES: 'api,boss',
    SIMULATOR: 'maybe',
    DATABASE_URL: 'mysql://u:geheim@h/x',
    EMBEDDED_SETTINGS: 'huge',
    OPERATOR_SYSTEM_ID: 'us',
  };
  assert.throws(
    () => loadConfig(env),
    (error: ConfigError) => {
      assert.deepEqual(error.problems, [
        'OPERATOR_HOST must be set when OPERATOR_SYSTEM_ID is: the operator tells you what it is',
        'PORT must be a whole number from 0 to 65535, not "70000"',
        'DATABASE_URL must be like postgresql://user:password@host:5432/database, not "***"',
        'EMBEDDED_SETTINGS must be PostgreSQL settings like shared_buffers=1GB,max_wal_size=8GB, not "huge"',
        'ROLES must be api, dispatch and jobs, or some of them, with commas between them, not "api,boss"',
        'SIMULATOR must be on or off, not "maybe"',
      ]);
      return error instanceof ConfigError;
    },
  );
  assert.throws(() => loadConfig({ OPERATOR_HOST: 'h' }), /OPERATOR_SYSTEM_ID must be set/);
});

test('the first operator and the settings of the embedded server are read whole', () => {
  const config = loadConfig({
    OPERATOR_HOST: 'smpp.example',
    OPERATOR_SYSTEM_ID: 'us',
    OPERATOR_PASSWORD: 'p',
    OPERATOR_TLS: 'on',
    OPERATOR_THROTTLE: '50',
    EMBEDDED_SETTINGS: 'shared_buffers=1GB, max_wal_size = 8GB',
  });
  assert.deepEqual(config.operator, {
    ...{
      host: 'smpp.example',
      port: 2775,
      systemId: 'us',
      password: 'p',
      systemType: '',
      bindMode: 'transceiver',
    },
    ...{ tls: true, sessions: 1, windowSize: 1000, throttle: 50 },
  });
  assert.deepEqual(config.embeddedSettings, { shared_buffers: '1GB', max_wal_size: '8GB' });
});

test('every default is a value that is accepted, and every variable says what it is for', () => {
  for (const { name, about } of describeVariables()) assert.ok(about.length > 8, name);
  loadConfig(Object.fromEntries(describeVariables().map(({ name, fallback }) => [name, fallback])));
});

test('metrics are answered where they are asked for, never on the address of the API by itself', () => {
  assert.equal(loadConfig({}).metrics, undefined);
  assert.equal(loadConfig({ METRICS_HOST: '0.0.0.0', METRICS_PORT: '' }).metrics, undefined);
  assert.deepEqual(loadConfig({ HOST: '0.0.0.0', METRICS_PORT: '9464' }).metrics, {
    host: '127.0.0.1',
    port: 9464,
  });
  assert.equal(loadConfig({ METRICS_HOST: '::1', METRICS_PORT: '0' }).metrics?.host, '::1');
  assert.throws(
    () => loadConfig({ METRICS_PORT: 'on' }),
    /METRICS_PORT must be a whole number from 0 to 65535/,
  );
});

test('proxies are trusted when they are named, and none by default', () => {
  const trusted = (TRUST_PROXY: string) => loadConfig({ TRUST_PROXY }).trustProxy;
  assert.deepEqual(['', 'off', 'on', '2', '10.0.0.1, 192.168.0.0/16'].map(trusted), [
    undefined,
    undefined,
    1,
    2,
    ['10.0.0.1', '192.168.0.0/16'],
  ]);
  for (const wrong of ['0.5', 'everyone', '11']) assert.throws(() => trusted(wrong), ConfigError);
});
