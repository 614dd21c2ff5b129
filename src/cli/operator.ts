// `carillon operator …`: SMPP operators, straight in the database. A running server takes changes up by itself.
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import {
  addOperator,
  listOperators,
  type NewOperator,
  operatorByName,
  removeOperator,
} from '../operators/index.ts';
import { type Env, withDatabase } from './environment.ts';
import { testBind } from './operator-test.ts';
import { choice, whole } from './options.ts';
import { say, sayJson, sayTable } from './output.ts';

type AddOptions = Omit<NewOperator, 'name' | 'password'> & {
  password?: string;
  passwordFile?: string;
  json?: boolean;
};

const standardInput = 0;

/** The command with its subcommands. */
export function operatorCommand(env: Env, end: (exitCode: number) => void): Command {
  const command = new Command('operator').description('the SMPP operators that messages go to');

  command
    .command('add')
    .description('add an operator; it gets messages once a route leads to it')
    .argument('<name>', '1 to 40 letters, digits, ".", "-" or "_"')
    .requiredOption('--host <host>', 'its SMPP host')
    .option('--port <port>', 'its port', whole(1, 65_535), 2775)
    .requiredOption('--system-id <id>', 'the system_id it gave you')
    .option('--password <password>', 'the password it gave you; other users of this machine may see it here')
    .option('--password-file <path>', 'a file that holds it; - reads standard input')
    .option('--system-type <type>', 'the system_type it wants, if any')
    .option('--tls', 'connect with TLS')
    .option(
      '--bind-mode <mode>',
      'transceiver, or pair: a transmitter and a receiver',
      choice('transceiver', 'pair'),
    )
    .option('--receiver-host <host>', 'where the receivers of a pair connect (default: --host)')
    .option('--receiver-port <port>', 'and at which port (default: --port)', whole(1, 65_535))
    .option('--sessions <n>', 'sessions at once (default: 1)', whole(1, 64))
    .option('--window-size <n>', 'unanswered submit_sm per session (default: 1000)', whole(1, 100_000))
    .option(
      '--in-flight-limit <n>',
      'messages per session that may be uncertain after a crash (default: 2000)',
      whole(1, 1_000_000),
    )
    .option(
      '--throttle <n>',
      'messages per second over all sessions (default: no limit)',
      whole(1, 1_000_000),
    )
    .option(
      '--response-timeout-ms <ms>',
      'how long it may take to answer (default: 30000)',
      whole(100, 600_000),
    )
    .option(
      '--enquire-link-ms <ms>',
      'how often to ask an idle session for life (default: 30000)',
      whole(100, 600_000),
    )
    .option(
      '--message-id-format <format>',
      'how ids in receipts differ from those in responses (default: auto)',
      choice('auto', 'as_is', 'receipt_hex', 'response_hex'),
    )
    .option('--simulator', 'it is a simulator: test_ keys reach it')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Example:
  carillon operator add north --host smpp.north.example --system-id me --password-file ./secret --throttle 100
  carillon operator test north
  carillon route add north`,
    )
    .action(async (name: string, options: AddOptions) => {
      const { json, password, passwordFile, ...rest } = options;
      const operator = { ...rest, name, password: password ?? readPassword(passwordFile) };
      const id = await withDatabase(env, (db) => addOperator(db, operator, null));
      if (json) return sayJson({ id, name });
      say(`operator ${id} "${name}" is added`);
      say(`does it let us in?  carillon operator test ${name}`);
      say(`send it messages:   carillon route add ${name}`);
    });

  command
    .command('list')
    .description('every operator, without passwords')
    .option('--json', 'print JSON')
    .action(async (options: { json?: boolean }) => {
      const operators = await withDatabase(env, listOperators);
      if (options.json) return sayJson(operators);
      const rows = operators.map(
        ({ id, name, enabled, host, port, tls, systemId, bindMode, sessions, throttle }) => ({
          ...{
            id,
            name,
            enabled,
            address: `${host}:${port}`,
            tls,
            system_id: systemId,
            mode: bindMode,
            sessions,
          },
          throttle: throttle === null ? null : `${throttle}/s`,
        }),
      );
      sayTable(rows, 'no operator yet: carillon operator add NAME --host … --system-id …');
    });

  command
    .command('remove')
    .description('remove an operator that nothing leads to and nothing waits for')
    .argument('<name>', 'its name')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
First remove the routes to it, which "carillon route list" shows; then wait for the receipts of what it took. What is
still in the way is said.`,
    )
    .action(async (name: string, options: { json?: boolean }) => {
      const { id } = await withDatabase(env, async (db) => {
        const operator = await operatorByName(db, name);
        if (operator === undefined) throw noOperator(name);
        return removeOperator(db, operator.id, null);
      });
      if (options.json) return sayJson({ id, name });
      say(`operator ${id} "${name}" is removed`);
    });

  command
    .command('test')
    .description('connect and bind to an operator, and say how it went')
    .argument('<name>', 'its name')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nSends no message. Exits 1 when the operator does not let us in.')
    .action(async (name: string, options: { json?: boolean }) => {
      const operator = await withDatabase(env, (db) => operatorByName(db, name));
      if (operator === undefined) throw noOperator(name);
      const results = await testBind(operator);
      if (results.some((result) => !result.ok)) end(1);
      if (options.json) return sayJson({ name, host: operator.host, port: operator.port, results });
      for (const { mode, ok, ms, error } of results) {
        say(ok ? `${mode}: bound in ${ms} ms` : `${mode}: not bound: ${error}`);
      }
    });

  return command;
}

function noOperator(name: string): Error {
  return new Error(`there is no operator named ${name}: see carillon operator list`);
}

function readPassword(path: string | undefined): string {
  if (path === undefined)
    throw new Error('give the password with --password-file FILE (or - to type it) or --password');
  return readFileSync(path === '-' ? standardInput : path, 'utf8').trim();
}
