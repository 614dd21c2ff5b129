// `carillon serve`: runs Carillon until Ctrl-C or SIGTERM.
import { Command } from 'commander';
import type { Carillon } from '../app.ts';
import { describeVariables, loadConfig } from '../config.ts';
import { createLog } from '../log.ts';
import { listRoutes } from '../operators/index.ts';
import { exampleCurl } from './curl.ts';
import type { Env } from './environment.ts';
import { say } from './output.ts';
import { untilSignal } from './signals.ts';

type Options = { roles?: string; port?: string; host?: string; json?: boolean };

/** Every variable with its default and purpose. */
function variablesHelp(): string {
  const lines = describeVariables().map(({ name, fallback, about }) => {
    return `  ${name.padEnd(22)} ${about}${fallback === '' ? '' : ` (default: ${fallback})`}`;
  });
  return `\nEnvironment:\n${lines.join('\n')}\n
Ctrl-C or SIGTERM stops cleanly: no new batches, the messages on their way are answered and committed, then the
database stops. A second Ctrl-C forces it; the next start recovers.`;
}

/** The command; runs until it is told to stop. */
export function serveCommand(env: Env): Command {
  return new Command('serve')
    .description('serve the HTTP API and send messages')
    .option('--roles <roles>', 'api, dispatch and jobs, or some of them (ROLES)')
    .option('--port <port>', 'port of the HTTP API (PORT)')
    .option('--host <address>', 'address of the HTTP API (HOST)')
    .option('--json', 'print one line of JSON when ready')
    .addHelpText('after', variablesHelp)
    .action(async (options: Options) => {
      const config = loadConfig(env, { ROLES: options.roles, PORT: options.port, HOST: options.host });
      const log = createLog(config.logLevel);
      const signal = untilSignal();
      // Loads the whole of Carillon, which other commands and help texts need not wait for.
      const { startCarillon } = await import('../app.ts');
      const carillon = await startCarillon(config, { log, threads: true });
      if (options.json) say(JSON.stringify(asJson(carillon)));
      else await welcome(carillon);
      log.info(`${await signal}: stopping`);
      await carillon.stop();
      log.info('stopped');
    });
}

function asJson({ url, port, metricsPort, simulator, firstAdmin, firstUser, config }: Carillon) {
  const { live, test, account } = firstAdmin ?? {};
  return {
    ...{ url, port, metricsPort, roles: config.roles, simulatorPort: simulator?.port },
    firstAdmin: account && { id: account.id, name: account.name, live: live?.key, test: test?.key },
    firstUser: firstUser ?? undefined,
  };
}

async function welcome({
  config,
  db,
  url,
  port,
  metricsPort,
  simulator,
  firstAdmin,
  firstUser,
}: Carillon): Promise<void> {
  if (config.port !== 0 && port !== undefined && port !== config.port) {
    say(`port ${config.port} is taken: serving on ${port} instead (PORT chooses another)`);
  }
  if (url) say(`Carillon serves at ${url} – the API to read and try: ${url}/docs`);
  else say('Carillon dispatches messages; the HTTP API is served by other processes');
  if (simulator) say(`The operator simulator for test_ keys listens on 127.0.0.1:${simulator.port}`);
  if (metricsPort !== undefined)
    say(`Metrics for Prometheus: http://${config.metrics?.host}:${metricsPort}/metrics`);
  const routed = (await listRoutes(db)).length > 0;
  if (firstAdmin) {
    const { account, live, test } = firstAdmin;
    say(`
First start: account "${account.name}" with these API keys. They are shown this once only.
  ${live.key}   sends for real
  ${test.key}   reaches the simulator only and costs nothing

A first campaign, to the simulator:
${exampleCurl(url ?? '', test.key)}

For real:
  npx carillon account top-up ${account.name} 100`);
  }
  if (firstUser) {
    say(`
The console: ${url} – sign in as ${firstUser.email} with this password, shown this once only:
  ${firstUser.password}
(A new one: npx carillon user password ${firstUser.email})`);
  }
  if (!routed) {
    say(`${firstAdmin ? '' : '\nNo operator has a route yet, so only test_ keys can send:\n'}\
  npx carillon operator add north --host smpp.example --system-id me --password-file ./secret
  npx carillon route add north`);
  }
  say('\nCtrl-C stops it cleanly.');
}
