// `carillon rates …`: the rates of a tariff, straight in the database. A running server takes them up in seconds.
import { readFile, stat } from 'node:fs/promises';
import { Command } from 'commander';
import { formatAmount } from '../money/index.ts';
import {
  findTariff,
  type ImportReport,
  importRates,
  listRates,
  maxCardBytes,
  type RateChange,
  type TariffRate,
} from '../tariffs/index.ts';
import { csvLine } from './csv.ts';
import { type Env, withDatabase } from './environment.ts';
import { choice, whole } from './options.ts';
import { say, sayJson, sayTable } from './output.ts';

type ImportOptions = { tariff: number; dryRun?: boolean; skipBad?: boolean; json?: boolean };
type ListOptions = {
  tariff: number;
  prefix?: string;
  country?: string;
  number?: number;
  all?: boolean;
  format: 'table' | 'csv' | 'json';
};

const code = whole(0, 9);
const largestNumber = 999_999_999_999_999;
const allRates = { offset: 0, limit: 1_000_000 };

/** Changes and bad lines that are shown to people; --json has up to a thousand. */
const shownLimit = 20;
const notApplied = 1;

/** The command with its subcommands; `end` takes an exit code. */
export function ratesCommand(env: Env, end: (exitCode: number) => void): Command {
  const command = new Command('rates').description('the rates of a tariff: what a segment to a prefix costs');

  command
    .command('import')
    .description('import a rate card: all of it or nothing')
    .argument(
      '<file>',
      'CSV with a header; columns: prefix or mcc, mnc, country, operator, price, billed, valid_from',
    )
    .requiredOption('--tariff <code>', 'the tariff it belongs to', code)
    .option('--dry-run', 'only say what would change')
    .option('--skip-bad', 'import the good lines where others are bad')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
A line without valid_from holds from now on, one with a later time from then on; earlier rates are kept, and
campaigns keep the prices they were accepted at. Exits 1 where lines are bad and nothing was imported.

Example:
  carillon rates import premium.csv --tariff 1 --dry-run`,
    )
    .action(async (file: string, options: ImportOptions) => {
      if ((await stat(file)).size > maxCardBytes) {
        throw new Error(`${file} is larger than ${maxCardBytes} bytes: divide it`);
      }
      const csv = await readFile(file, 'utf8');
      const report = await withDatabase(env, async (db) =>
        importRates(db, await findTariff(db, options.tariff), csv, {
          dryRun: options.dryRun === true,
          skipBad: options.skipBad === true,
        }),
      );
      if (!report.applied && options.dryRun !== true) end(notApplied);
      if (options.json) return sayJson(reportShown(report));
      sayReport(report, options.dryRun === true);
    });

  command
    .command('list')
    .description('the rates of a tariff that are in force')
    .requiredOption('--tariff <code>', 'the tariff', code)
    .option('--prefix <digits>', 'prefixes that begin so')
    .option('--country <code>', 'ISO 3166-1 alpha-2')
    .option(
      '--number <msisdn>',
      'prefixes of this number; the longest one prices it',
      whole(1, largestNumber),
    )
    .option('--all', 'past and future rates too')
    .option(
      '--format <format>',
      'table, csv (which can be imported again) or json',
      choice('table', 'csv', 'json'),
      'table',
    )
    .action(async ({ tariff, prefix, country, number, all, format }: ListOptions) => {
      const filter = {
        prefix,
        number,
        country: country?.toUpperCase(),
        when: all === true ? ('all' as const) : ('now' as const),
      };
      const { rates } = await withDatabase(env, async (db) =>
        listRates(db, (await findTariff(db, tariff)).id, filter, allRates),
      );
      const rows = rates.map(rateShown);
      if (format === 'json') return sayJson(rows);
      if (format === 'table') return sayTable(rows, 'no rate fits');
      say(csvLine(columns));
      for (const row of rows) say(csvLine(columns.map((column) => row[column])));
    });

  return command;
}

const columns = [
  ...(['prefix', 'mcc', 'mnc', 'country', 'operator', 'price', 'billed', 'valid_from'] as const),
];

function rateShown({ prefix, mcc, mnc, country, operator, price, billed, validFrom }: TariffRate) {
  return {
    ...{ prefix, mcc, mnc, country, operator },
    price: formatAmount(price),
    billed,
    valid_from: validFrom,
  };
}

function reportShown({ changes, badLines, ...counts }: ImportReport) {
  const terms = ({ price, billed }: RateChange['new']) => ({ price: formatAmount(price), billed });
  return {
    ...counts,
    changes: changes.map(({ validFrom, old, new: now, ...rate }) => ({
      ...rate,
      valid_from: validFrom,
      old: old === null ? null : terms(old),
      new: terms(now),
    })),
    bad_lines: badLines,
  };
}

function sayReport(report: ImportReport, dryRun: boolean): void {
  const { applied, lines, added, changed, unchanged, bad, changes, badLines } = report;
  for (const { line, reason } of badLines.slice(0, shownLimit)) say(`line ${line}: ${reason}`);
  if (bad > shownLimit) say(`and ${bad - shownLimit} more bad lines`);
  for (const { prefix, country, operator, validFrom, old, new: now } of changes.slice(0, shownLimit)) {
    const terms = ({ price, billed }: RateChange['new']) => `${formatAmount(price)} when ${billed}`;
    const whose = [prefix, country, operator].filter((word) => word !== null).join(' ');
    const from = validFrom.toISOString().slice(0, 16).replace('T', ' ');
    say(`${whose}: ${old === null ? 'new' : terms(old)} -> ${terms(now)}, from ${from}`);
  }
  const more = added + changed - Math.min(changes.length, shownLimit);
  if (more > 0) say(`and ${more} more`);
  const counts = `${added} added, ${changed} changed, ${unchanged} unchanged; ${bad} of ${lines} lines bad`;
  if (applied) say(`imported: ${counts}`);
  else if (dryRun) say(`dry run, nothing was imported: ${counts}`);
  else say(`nothing was imported: ${counts}: correct them, or import the others with --skip-bad`);
}
