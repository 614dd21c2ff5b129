// `carillon moderation …`: held campaigns and how accounts are moderated, straight in the database.
import { Command } from 'commander';
import { actOn } from '../campaigns/index.ts';
import {
  approveCampaign,
  type CaseState,
  caseStates,
  changePolicy,
  findCase,
  listCases,
  moderations,
  type Policy,
  policyOf,
  rejectCampaign,
  senderPolicies,
} from '../moderation/index.ts';
import { type Env, withDatabase } from './environment.ts';
import { findAccount } from './find-account.ts';
import { choice, whole } from './options.ts';
import { say, sayJson, sayTable } from './output.ts';

/** As many as one reads; the admin API pages. */
const shown = 100;
const shownText = 60;

type PolicyOptions = {
  moderation?: Policy['moderation'];
  senders?: Policy['senderPolicy'];
  json?: boolean;
};

/** The command with its subcommands. */
export function moderationCommand(env: Env): Command {
  const command = new Command('moderation').description('campaigns that wait for a decision');
  const id = whole(1, Number.MAX_SAFE_INTEGER);

  command
    .command('list')
    .description(`held campaigns, those that wait longest first, up to ${shown}`)
    .option('--status <status>', caseStates.join(', '), choice(...caseStates), 'open')
    .option('--account <account>', "only this account's: its name or id")
    .option('--json', 'print JSON')
    .action(async (options: { status: CaseState; account?: string; json?: boolean }) => {
      const { cases, total } = await withDatabase(env, async (db) => {
        const accountId = options.account && (await findAccount(db, options.account)).id;
        const filter = { state: options.status, ...(accountId ? { accountId } : {}) };
        return listCases(db, filter, { offset: 0, limit: shown });
      });
      if (options.json) return sayJson(cases);
      const rows = cases.map((held) => ({
        campaign: held.campaignId,
        account: held.accountName,
        sender: held.sender,
        recipients: held.recipients,
        held: held.heldAt,
        text: held.text.length > shownText ? `${held.text.slice(0, shownText)}…` : held.text,
        reasons: held.reasons.join('; '),
      }));
      sayTable(rows, 'nothing waits');
      if (total > cases.length) say(`and ${total - cases.length} more`);
    });

  command
    .command('approve')
    .description('let a campaign be sent, at its time or at once where that has passed')
    .argument('<campaign>', 'its id', id)
    .option('--json', 'print JSON')
    .action(async (campaign: number, options: { json?: boolean }) => {
      await withDatabase(env, async (db) => {
        await approveCampaign({ db, act: actOn }, null, campaign);
        if (options.json) return sayJson(await findCase(db, campaign));
        say(`campaign ${campaign} is approved`);
      });
    });

  command
    .command('reject')
    .description('send nothing of a campaign and give its money back')
    .argument('<campaign>', 'its id', id)
    .requiredOption('--reason <text>', 'why; its author reads it')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  carillon moderation reject 12 --reason "Gambling is not allowed."')
    .action(async (campaign: number, options: { reason: string; json?: boolean }) => {
      await withDatabase(env, async (db) => {
        await rejectCampaign({ db, act: actOn }, null, campaign, options.reason);
        if (options.json) return sayJson(await findCase(db, campaign));
        say(`campaign ${campaign} is rejected; the money comes back as its messages are cancelled`);
      });
    });

  command
    .command('policy')
    .description('show or change how an account is moderated')
    .argument('<account>', 'its name or its id')
    .option(
      '--moderation <which>',
      'hold none of its campaigns (off), the first of each sender (first), or always',
      choice(...moderations),
    )
    .option(
      '--senders <policy>',
      'what becomes of senders that are not registered: refuse, moderate or allow',
      choice(...senderPolicies),
    )
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  carillon moderation policy acme --moderation first --senders refuse')
    .action(async (name: string, options: PolicyOptions) => {
      await withDatabase(env, async (db) => {
        const { id: accountId } = await findAccount(db, name);
        const { moderation, senders } = options;
        const change = {
          ...(moderation === undefined ? {} : { moderation }),
          ...(senders === undefined ? {} : { senderPolicy: senders }),
        };
        const asked = Object.keys(change).length > 0;
        const policy = await (asked ? changePolicy(db, null, accountId, change) : policyOf(db, accountId));
        if (options.json) return sayJson(policy);
        say(`moderation of its campaigns:    ${policy.moderation}`);
        say(`senders that are not registered: ${policy.senderPolicy}`);
      });
    });

  return command;
}
