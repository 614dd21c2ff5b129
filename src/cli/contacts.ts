// `carillon contacts …`: a client of the HTTP API, for any running Carillon.

import { Command } from 'commander';
import { type AccessOptions, accessOf, withAccess } from './access.ts';
import type { Env } from './environment.ts';
import { uploadFile, watchImport } from './import.ts';
import { list, whole } from './options.ts';

type ImportOptions = AccessOptions & {
  file: string;
  group?: number[];
  mapping?: string;
  createFields?: boolean;
  encoding?: string;
  delimiter?: string;
  rejected?: string;
};

const failed = 1;

/** The command with its subcommands. */
export function contactsCommand(env: Env, end: (exitCode: number) => void): Command {
  const command = new Command('contacts').description('the contact book, over the HTTP API');
  withAccess(command.command('import'))
    .description('fill the contact book from a file: CSV or NDJSON, also packed with gzip')
    .requiredOption('--file <path>', 'the file; its columns are found by their names')
    .option('--group <ids>', 'put the contacts into these groups', list(whole(1, Number.MAX_SAFE_INTEGER)))
    .option('--mapping <json>', 'which column is what: \'{"phone": "Mobile", "Name": 2}\'')
    .option('--create-fields', 'make text fields for columns that have none')
    .option('--encoding <name>', 'the encoding, where it is not found out rightly')
    .option('--delimiter <mark>', 'the separator, where it is not found out rightly')
    .option('--rejected <path>', 'save the rows that were left out, with line and reason')
    .addHelpText(
      'after',
      '\nExample:\n  carillon contacts import --file people.csv --group 3 --create-fields',
    )
    .action(async (options: ImportOptions) => {
      const access = accessOf(env, options);
      const { body } = await uploadFile(
        access,
        '/api/contacts/import',
        {
          mapping: options.mapping,
          groups: options.group === undefined ? undefined : JSON.stringify(options.group),
          create_fields: options.createFields ? 'true' : undefined,
          encoding: options.encoding,
          delimiter: options.delimiter,
        },
        options.file,
      );
      const { id } = (body as { data: { id: number } }).data;
      const done = await watchImport(access, id, {
        json: options.json === true,
        rejected: options.rejected,
      });
      if (!done) end(failed);
    });
  return command;
}
