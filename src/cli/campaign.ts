// `carillon campaign …`: a client of the HTTP API, for any running Carillon.
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Command } from 'commander';
import { type AccessOptions, accessOf, withAccess } from './access.ts';
import { type ApiAccess, callApi, type Report, readReport, undecided } from './api.ts';
import type { Env } from './environment.ts';
import { uploadFile, watchImport } from './import.ts';
import { whole } from './options.ts';
import { say } from './output.ts';
import { showProgress } from './progress.ts';

type SendOptions = AccessOptions & {
  to?: string[];
  file?: string;
  sender: string;
  text: string;
  validity?: number;
  startAt?: string;
  tariffCode?: number;
  callbackUrl?: string;
  transliterate?: boolean;
  respectCurfew?: boolean;
  watch?: boolean;
  csv?: string;
  mapping?: string;
  rejected?: string;
  check?: boolean;
};

const standardInput = 0;
/** Often enough to look alive; a report costs the server 0.3 ms. */
const watchIntervalMs = 500;
const interrupted = 130;
const failed = 1;

/** The command with its subcommands. */
export function campaignCommand(env: Env, end: (exitCode: number) => void): Command {
  const command = new Command('campaign').description('send and watch campaigns, over the HTTP API');
  const id = whole(1, Number.MAX_SAFE_INTEGER);

  withAccess(command.command('send'))
    .description('send a text to numbers')
    .option('--to <numbers...>', 'numbers with country code and without plus, with spaces or commas between')
    .option('--file <path>', 'a file of numbers, one on a line; - reads standard input')
    .option(
      '--csv <path>',
      'a table of up to 10 million rows, CSV or NDJSON, also packed; its columns fill {name}',
    )
    .option('--mapping <json>', 'with --csv, which column is what: \'{"phone": "Mobile", "name": 2}\'')
    .option('--rejected <path>', 'with --csv, save the rows that were left out, with line and reason')
    .option('--check', 'with --csv, say what it costs and whom it reaches, and send nothing before `resume`')
    .requiredOption('--sender <name>', '1 to 11 letters and digits, or 3 to 15 digits')
    .requiredOption('--text <text>', 'up to 765 GSM or 335 other characters')
    .option('--validity <hours>', 'how long the operator tries to deliver', whole(1, 72))
    .option('--start-at <time>', 'when, up to 30 days ahead: "2030-01-31 12:00:00" (UTC) or ISO 8601')
    .option('--tariff-code <code>', 'another tariff than the account has', whole(0, 9))
    .option('--callback-url <url>', 'where to report changes')
    .option('--transliterate', 'write the text in the GSM alphabet')
    .option('--respect-curfew', 'wait while it is quiet where a message goes')
    .option('--watch', 'and watch it to its end')
    .addHelpText(
      'after',
      `
Examples:
  carillon campaign send --sender Shop --text "Sale today" --to 34600000100,34600000101 --watch
  carillon campaign send --sender Shop --text "Sale today" --file numbers.txt --start-at "2030-01-31 12:00:00"
  carillon campaign send --sender Shop --text "Hello {name|friend}" --csv people.csv --rejected left-out.csv`,
    )
    .action(async (options: SendOptions) => {
      const access = accessOf(env, options);
      if (options.check && options.csv === undefined) throw new Error('--check is for --csv');
      if (options.csv !== undefined) return sendFile(access, options, options.csv, end);
      const { body, text } = await callApi(access, 'POST', '/api/campaigns/sms/send', {
        phones: numbersOf(options).map((number) => ({ number })),
        sender: options.sender,
        text: options.text,
        validity: options.validity,
        start_at: options.startAt,
        tariff_code: options.tariffCode,
        callback_url: options.callbackUrl,
        transliterate: options.transliterate,
        respect_curfew: options.respectCurfew,
      });
      const { data } = body as {
        data: { id: number; status: string; calculated_price: number; currency: string };
      };
      if (options.watch) return watch(access, data.id, options.json === true, end);
      if (options.json) return say(text);
      say(`campaign ${data.id} is ${data.status}, for ${data.calculated_price} ${data.currency}`);
      say(`watch it:  carillon campaign watch ${data.id}`);
    });

  withAccess(command.command('show'))
    .description('the exact report of a campaign')
    .argument('<id>', 'its id', id)
    .action(async (campaign: number, options: AccessOptions) => {
      const { report, text } = await readReport(accessOf(env, options), campaign);
      if (options.json) return say(text);
      sayReport(report);
    });

  withAccess(command.command('watch'))
    .description('watch a campaign until every message has its final state, then show its report')
    .argument('<id>', 'its id', id)
    .addHelpText('after', '\nCtrl-C ends the watching, not the campaign.')
    .action((campaign: number, options: AccessOptions) =>
      watch(accessOf(env, options), campaign, options.json === true, end),
    );

  for (const [verb, is, description] of [
    ['pause', 'paused', 'pause a campaign: nothing more is sent until it is resumed'],
    ['resume', 'resumed', 'resume a paused campaign where it was'],
  ] as const) {
    withAccess(command.command(verb))
      .description(description)
      .argument('<id>', 'its id', id)
      .action(async (campaign: number, options: AccessOptions) => {
        const path = `/api/campaigns/${campaign}/${verb}`;
        const { text } = await callApi(accessOf(env, options), 'PATCH', path);
        if (options.json) return say(text);
        say(`campaign ${campaign} is ${is}`);
      });
  }

  withAccess(command.command('stop'))
    .description('stop a campaign: what has not been sent is cancelled and costs nothing')
    .argument('<id>', 'its id', id)
    .action(async (campaign: number, options: AccessOptions) => {
      const { text } = await callApi(accessOf(env, options), 'PATCH', `/api/campaigns/${campaign}/stop`);
      if (options.json) return say(text);
      say(`campaign ${campaign} is stopped`);
    });

  return command;
}

/** Sends to the rows of a file: uploads it, watches it being read, and then, where asked to, the campaign. */
async function sendFile(
  access: ApiAccess,
  options: SendOptions,
  file: string,
  end: (exitCode: number) => void,
): Promise<void> {
  if (options.to !== undefined || options.file !== undefined)
    throw new Error('give the numbers with --csv, or with --to and --file, not both');
  if (options.check && options.watch) throw new Error('there is nothing to watch with --check');
  const flag = (on: boolean | undefined) => (on ? 'true' : undefined);
  const { body } = await uploadFile(
    access,
    '/api/campaigns/sms/import',
    {
      sender: options.sender,
      text: options.text,
      mapping: options.mapping,
      validity: options.validity?.toString(),
      start_at: options.startAt,
      tariff_code: options.tariffCode?.toString(),
      callback_url: options.callbackUrl,
      transliterate: flag(options.transliterate),
      respect_curfew: flag(options.respectCurfew),
      start: options.check ? 'false' : undefined,
    },
    file,
  );
  const { data, import: made } = body as { data: { id: number }; import: { id: number } };
  const json = options.json === true;
  const done = await watchImport(access, made.id, {
    json: json && options.watch !== true,
    rejected: options.rejected,
  });
  if (!done) return end(failed);
  if (options.watch) return watch(access, data.id, json, end);
  if (json) return;
  if (options.check) {
    const { report } = await readReport(access, data.id);
    const { failed: unreachable = 0 } = report.statistics;
    say(
      `it costs ${report.total_price} ${report.currency}; ${unreachable} numbers have no price and get no message`,
    );
    say(`send it:  carillon campaign resume ${data.id}`);
    return say(`or not:  carillon campaign stop ${data.id}`);
  }
  say(`watch it:  carillon campaign watch ${data.id}`);
}

async function watch(
  access: ApiAccess,
  id: number,
  json: boolean,
  end: (exitCode: number) => void,
): Promise<void> {
  let stopped = false;
  process.once('SIGINT', () => {
    stopped = true;
  });
  let { report, text } = await readReport(access, id);
  const progress = showProgress(report.total_messages);
  while (undecided(report) > 0 && !stopped) {
    progress.show(report);
    await delay(watchIntervalMs);
    ({ report, text } = await readReport(access, id));
  }
  progress.show(report);
  progress.end();
  if (stopped) end(interrupted);
  if (json) return say(text);
  sayReport(report);
}

/** The report for people: what every message became, and the price. */
function sayReport(report: Report): void {
  say(`campaign ${report.id} "${report.name}" from ${report.sender}: ${report.status}`);
  for (const [state, count] of Object.entries(report.statistics)) {
    if (count > 0) say(`  ${String(count).padStart(8)}  ${state}`);
  }
  say(
    `  ${String(report.total_messages).padStart(8)}  messages for ${report.total_price} ${report.currency}`,
  );
}

/** Numbers as JSON numbers; what is none stays as it is, so that the server can name it. */
function numbersOf({ to, file }: SendOptions): (number | string)[] {
  const listed = (to ?? []).flatMap((part) => part.split(/[\s,]+/));
  const read =
    file === undefined ? [] : readFileSync(file === '-' ? standardInput : file, 'utf8').split(/[\s,;]+/);
  const numbers = [...listed, ...read].filter((number) => number !== '');
  if (numbers.length === 0) throw new Error('give numbers with --to or --file');
  return numbers.map((number) => (/^\d{1,15}$/.test(number) ? Number(number) : number));
}
