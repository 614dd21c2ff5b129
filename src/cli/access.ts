// How commands that talk to a running server reach it: its address and a key. Called by `campaign` and `contacts`.

import type { Command } from 'commander';
import type { ApiAccess } from './api.ts';
import type { Env } from './environment.ts';

export type AccessOptions = { url?: string; key?: string; json?: boolean };

const defaultUrl = 'http://127.0.0.1:8080';

/** Adds the options of every such command. */
export function withAccess(command: Command): Command {
  return command
    .option('--url <url>', `where Carillon serves (default: CARILLON_URL, or ${defaultUrl})`)
    .option('--key <key>', 'an API key (default: CARILLON_KEY)')
    .option('--json', "print the server's JSON");
}

/** What the options or the environment say. Throws an error in words where the address or the key is missing. */
export function accessOf(env: Env, options: AccessOptions): ApiAccess {
  const url = options.url ?? (env.CARILLON_URL || defaultUrl);
  const key = options.key ?? env.CARILLON_KEY;
  if (!URL.canParse(url)) throw new Error(`"${url}" is no address: give one like ${defaultUrl} with --url`);
  if (!key)
    throw new Error('give an API key with --key or CARILLON_KEY; "carillon key create ACCOUNT" makes one');
  return { url, key };
}
