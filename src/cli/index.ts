// The door of the command line: every command, and what becomes of errors. Called by main.ts.
import { Command, CommanderError } from 'commander';
import { ConfigError } from '../config.ts';
import { Refusal } from '../http/index.ts';
import { version } from '../version.ts';
import { accountCommand } from './account.ts';
import { limitsCommand, quietHoursCommand } from './account-limits.ts';
import { campaignCommand } from './campaign.ts';
import { contactsCommand } from './contacts.ts';
import { demoCommand } from './demo.ts';
import { doctorCommand } from './doctor.ts';
import type { Env } from './environment.ts';
import { inboundCommand } from './inbound.ts';
import { keyCommand } from './key.ts';
import { moderationCommand } from './moderation.ts';
import { operatorCommand } from './operator.ts';
import { privacyCommand } from './privacy.ts';
import { ratesCommand } from './rates.ts';
import { routeCommand } from './route.ts';
import { domainCommand, ruleCommand } from './rule.ts';
import { senderCommand } from './sender.ts';
import { serveCommand } from './serve.ts';
import { simulatorCommand } from './simulator.ts';
import { tariffCommand } from './tariff.ts';
import { userCommand } from './user.ts';

/** Exit codes: something failed; the command or the configuration is wrong. */
const failed = 1;
const wrongUsage = 2;

const about = `Carillon: a self-hosted bulk SMS platform.

Start it with "carillon serve", or watch a campaign of 1,000 messages with "carillon demo". Commands that read or
change the database (account, key, user, tariff, rates, moderation, rule, domain, sender, inbound, privacy, operator,
route, doctor) use
DATABASE_URL, or the PostgreSQL in DATA_DIR (./data), which they start for their own duration when no server runs.
"campaign" and "contacts" talk to a running server.`;

const afterHelp = `
Examples:
  carillon serve                                  serve from ./data, on port 8080
  carillon demo                                   a whole campaign, start to report
  carillon account create acme --balance 100      a customer with 100 EUR
  carillon key create acme                        a live_ key for it
  carillon operator add north --host smpp.example --system-id me --password-file ./secret
  carillon route add north                        every number goes to it

"carillon help serve" lists every environment variable.`;

/** Runs a command line and returns the exit code. Errors become one line on stderr; LOG_LEVEL=debug adds a stack. */
export async function runCommandLine(args: string[], env: Env): Promise<number> {
  const program = new Command('carillon')
    .description(about)
    .version(version)
    .showHelpAfterError('(carillon help shows what there is)')
    .addHelpText('after', afterHelp)
    .exitOverride();
  let exitCode = 0;
  const end = (code: number) => {
    exitCode = code;
  };
  const commands = [
    serveCommand(env),
    demoCommand(env),
    simulatorCommand(),
    accountCommand(env).addCommand(limitsCommand(env)).addCommand(quietHoursCommand(env)),
    keyCommand(env),
    userCommand(env),
    tariffCommand(env),
    ratesCommand(env, end),
    campaignCommand(env, end),
    contactsCommand(env, end),
    operatorCommand(env, end),
    routeCommand(env),
    moderationCommand(env),
    ruleCommand(env),
    domainCommand(env),
    senderCommand(env),
    inboundCommand(env),
    privacyCommand(env),
    doctorCommand(env, end),
  ];
  for (const command of commands) {
    inheritExit(command);
    program.addCommand(command);
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : wrongUsage;
    const { stack } = error as Error;
    for (const line of wordsOf(error as Error).split('\n')) process.stderr.write(`carillon: ${line}\n`);
    if (env.LOG_LEVEL === 'debug') process.stderr.write(`${stack}\n`);
    return error instanceof ConfigError ? wrongUsage : failed;
  }
}

/** An error in words: where fields are wrong, what is wrong with each. */
function wordsOf(error: Error): string {
  const fields = error instanceof Refusal ? Object.values(error.errors ?? {}).flat() : [];
  return fields.length > 0 ? fields.join('\n') : error.message;
}

/** Commands throw instead of ending the process, at every depth. */
function inheritExit(command: Command): void {
  command.exitOverride();
  for (const child of command.commands) inheritExit(child);
}
