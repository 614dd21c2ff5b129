// `carillon privacy …`: what is known of one number, and forgetting it, straight in the database.
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command } from 'commander';
import type { Db } from '../db/index.ts';
import { maskPhone } from '../mask.ts';
import { isMsisdn } from '../phones/index.ts';
import { erasedResource, erasePhone, knownOf } from '../privacy/index.ts';
import { type Env, withDatabase } from './environment.ts';
import { findAccount } from './find-account.ts';
import { readBy } from './options.ts';
import { say, sayJson } from './output.ts';

type EraseOptions = { phone: number; account?: string; stopList?: boolean; json?: boolean };
type ExportOptions = { phone: number; account?: string; out?: string };

/** Written by its owner alone: it is somebody's data. */
const privateFile = 0o600;

function readPhone(text: string): number {
  const phone = /^\+?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (!isMsisdn(phone)) throw new Error('Give a number of 9 to 15 digits, with country code.');
  return phone;
}

async function idOf(db: Db, account: string | undefined): Promise<number | null> {
  return account === undefined ? null : (await findAccount(db, account)).id;
}

/** The command with its subcommands. */
export function privacyCommand(env: Env): Command {
  const command = new Command('privacy').description('what is known of a number, and forgetting it');

  command
    .command('erase')
    .description('erase a number everywhere; what is counted stays')
    .requiredOption('--phone <number>', 'with country code', readBy(readPhone))
    .option('--account <account>', 'only what this account knows: its name or id')
    .option('--stop-list', 'also from stop lists: it may then be written to again')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Refused while messages to the number wait to be sent or for their receipts, and while imports are not read.

Example:
  carillon privacy erase --phone 34600000000`,
    )
    .action(async ({ phone, account, stopList, json }: EraseOptions) => {
      const erased = await withDatabase(env, async (db) =>
        erasePhone(db, phone, { accountId: await idOf(db, account), stopList: stopList ?? false }, null),
      );
      if (json) return sayJson(erasedResource(erased));
      say(`${maskPhone(phone)} is erased:`);
      for (const [what, n] of Object.entries(erasedResource(erased))) {
        say(`  ${`${what.replaceAll('_', ' ')}:`.padEnd(19)}${n}`);
      }
    });

  command
    .command('export')
    .description('everything that is known of a number, as JSON')
    .requiredOption('--phone <number>', 'with country code', readBy(readPhone))
    .option('--account <account>', 'only what this account knows: its name or id')
    .option('--out <file>', 'into this file, which must not be there; without it, to standard output')
    .addHelpText('after', '\nExample:\n  carillon privacy export --phone 34600000000 --out known.json')
    .action(async ({ phone, account, out }: ExportOptions) => {
      await withDatabase(env, async (db) => {
        const known = Readable.from(knownOf(db, phone, await idOf(db, account)));
        if (out === undefined) await pipeline(known, process.stdout, { end: false });
        else await pipeline(known, createWriteStream(out, { flags: 'wx', mode: privateFile }));
      });
      if (out !== undefined) say(`what is known of ${maskPhone(phone)} is in ${out}`);
    });

  return command;
}
