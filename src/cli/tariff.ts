// `carillon tariff …`: tariffs, straight in the database. What they cost is `carillon rates`.
import { Command } from 'commander';
import { type BillOn, changeTariff, createTariff, listTariffs, type Tariff } from '../tariffs/index.ts';
import { type Env, withDatabase } from './environment.ts';
import { choice, whole } from './options.ts';
import { say, sayJson, sayTable } from './output.ts';

type CreateOptions = { currency: string; billed?: BillOn; default?: boolean; json?: boolean };
type SetOptions = { name?: string; billed?: BillOn; active?: boolean; default?: boolean; json?: boolean };

const code = whole(0, 9);
const billing = choice('sent', 'delivered');
const allTariffs = { offset: 0, limit: 10 };

/** The command with its subcommands. */
export function tariffCommand(env: Env): Command {
  const command = new Command('tariff').description('tariffs: what messages cost');

  command
    .command('create')
    .description('make a tariff, without rates at first')
    .argument('<code>', '0 to 9: what a request calls tariff_code', code)
    .argument('<name>', 'its name, of up to 100 characters')
    .option('--currency <code>', 'ISO 4217', 'EUR')
    .option('--billed <when>', 'sent or delivered, for rates that do not say it (default: sent)', billing)
    .option('--default', 'new accounts get it')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample:\n  carillon tariff create 1 Premium\n  carillon rates import premium.csv --tariff 1',
    )
    .action(async (number: number, name: string, options: CreateOptions) => {
      const tariff = await withDatabase(env, (db) =>
        createTariff(db, {
          code: number,
          name,
          currency: options.currency,
          ...(options.billed === undefined ? {} : { billOn: options.billed }),
          isDefault: options.default === true,
        }),
      );
      if (options.json) return sayJson(shown(tariff));
      say(`tariff ${tariff.code} "${tariff.name}" in ${tariff.currency}`);
      say(`its prices:  carillon rates import FILE.csv --tariff ${tariff.code}`);
    });

  command
    .command('list')
    .description('every tariff, by code')
    .option('--json', 'print JSON')
    .action(async (options: { json?: boolean }) => {
      const { tariffs } = await withDatabase(env, (db) => listTariffs(db, allTariffs));
      if (options.json) return sayJson(tariffs.map(shown));
      sayTable(tariffs.map(shown), 'no tariff yet: carillon tariff create CODE NAME');
    });

  command
    .command('set')
    .description('change a tariff')
    .argument('<code>', 'its code', code)
    .option('--name <name>', 'rename it')
    .option('--billed <when>', 'sent or delivered, for rates that do not say it', billing)
    .option('--active', 'campaigns may name it')
    .option('--no-active', 'campaigns may no longer name it')
    .option('--default', 'new accounts get it')
    .option('--json', 'print JSON')
    .action(async (number: number, options: SetOptions) => {
      const changes = {
        ...(options.name === undefined ? {} : { name: options.name }),
        ...(options.billed === undefined ? {} : { billOn: options.billed }),
        ...(options.active === undefined ? {} : { isActive: options.active }),
        ...(options.default === undefined ? {} : { isDefault: options.default }),
      };
      if (Object.keys(changes).length === 0) throw new Error('say what to change: carillon help tariff set');
      const tariff = await withDatabase(env, (db) => changeTariff(db, number, changes));
      if (options.json) return sayJson(shown(tariff));
      sayTable([shown(tariff)], '');
    });

  return command;
}

function shown({ code: number, name, currency, billOn, isActive, isDefault }: Tariff) {
  return { code: number, name, currency, billed: billOn, active: isActive, default: isDefault };
}
