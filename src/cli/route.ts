// `carillon route …`: which numbers go to which operator, straight in the database.
import { Command } from 'commander';
import { addRoute, listRoutes, removeRoute } from '../operators/index.ts';
import { type Env, withDatabase } from './environment.ts';
import { whole } from './options.ts';
import { say, sayJson, sayTable } from './output.ts';

type AddOptions = { prefix: string; priority: number; weight: number; json?: boolean };

/** The command with its subcommands. */
export function routeCommand(env: Env): Command {
  const command = new Command('route').description('which numbers go to which operator');

  command
    .command('add')
    .description('send numbers that begin with a prefix to an operator')
    .argument('<operator>', 'its name')
    .option('--prefix <digits>', 'how the numbers begin, without plus; empty: every number', '')
    .option('--priority <number>', 'lower ones are tried first', whole(0, 32_767), 0)
    .option(
      '--weight <number>',
      'its share among those of the same prefix and priority',
      whole(1, 1_000_000),
      100,
    )
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
The longest prefix wins; of its routes the lowest priority that has a connected operator; of these, weight decides, and
an operator that is full leaves its share to the others. The next priority takes over when all of one are disconnected.

Examples:
  carillon route add north                                every number
  carillon route add south --prefix 380                   but +380… here
  carillon route add north --prefix 380 --priority 1      and back to north while south is away`,
    )
    .action(async (operator: string, options: AddOptions) => {
      const { prefix, priority, weight } = options;
      const route = await withDatabase(env, (db) =>
        addRoute(db, { operator, prefix, priority, weight }, null),
      );
      if (options.json) return sayJson(route);
      say(`${prefix === '' ? 'every number' : `${prefix}…`} goes to ${operator} (route ${route.id})`);
    });

  command
    .command('list')
    .description('every route')
    .option('--json', 'print JSON')
    .action(async (options: { json?: boolean }) => {
      const routes = await withDatabase(env, listRoutes);
      if (options.json) return sayJson(routes);
      const rows = routes.map((route) => ({
        ...route,
        prefix: route.prefix === '' ? '(every number)' : route.prefix,
      }));
      sayTable(rows, 'no route yet: carillon route add OPERATOR');
    });

  command
    .command('remove')
    .description('remove a route; what waits goes another way')
    .argument('<id>', 'its number in the list', whole(1, Number.MAX_SAFE_INTEGER))
    .option('--json', 'print JSON')
    .action(async (id: number, options: { json?: boolean }) => {
      const route = await withDatabase(env, (db) => removeRoute(db, id, null));
      if (options.json) return sayJson(route);
      const { prefix, operator } = route;
      say(`${prefix === '' ? 'every number' : `${prefix}…`} no longer goes to ${operator}`);
    });

  return command;
}
