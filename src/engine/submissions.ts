// The statement that writes down what operators answered to submit_sm: the hottest of all, called by the
// submission journal once per group.

import type { ClientBase } from 'pg';
import { arrayLiteral, textArrayLiteral } from './arrays.ts';
import { foldId } from './notation.ts';
import { settle } from './settle.ts';

/** One answered part of a message. Struct of arrays: element i of each array belongs to the same part. */
export type SubmissionGroup = {
  readonly messageIds: number[];
  /** The message's new state, or -1 where other parts of the message are still unanswered. */
  readonly statuses: number[];
  readonly errors: number[];
  readonly connectorIds: number[];
  readonly parts: number[];
  /** The operator's message id, or '' where it refused the part. */
  readonly smscIds: string[];
};

/** An empty group. */
export function submissionGroup(): SubmissionGroup {
  return { messageIds: [], statuses: [], errors: [], connectorIds: [], parts: [], smscIds: [] };
}

// One statement a group, so one round trip and one commit. `unnest` of parallel arrays costs a tenth of a VALUES
// list to plan and parse. Bounds on m.id would spare a look at partitions, but make a plan thinkable that walks the
// whole range for every element of a group: m.id = i.id is the only way in. The update goes through the primary key
// and touches no indexed column: with the page's free room it is HOT.
const sql = `
with input as materialized (
    select * from unnest($1::bigint[], $2::smallint[], $3::integer[], $4::integer[], $5::smallint[], $6::text[], $8::text[])
      as i (id, status, error, connector_id, part, smsc_id, written)
  ),
  submitted as (
    insert into submission (message_id, connector_id, part, smsc_message_id, written)
    select id, connector_id, part, smsc_id, case when written <> smsc_id then written end
    from input where smsc_id <> ''
  ),
  changed as (
    update message m
    set status = i.status, error = nullif(i.error, 0), connector_id = nullif(i.connector_id, 0),
      sent_at = case when i.status = 1 then now() end
    from input i
    where m.id = i.id and m.status = 0 and i.status >= 0
    returning m.campaign_id, old.status as was, new.status as now, m.on_delivery, m.price_e7
  ),${settle('$7')}
select count(*)::integer as n from changed`;

/**
 * Commits one group: the operators' ids, the messages' states, counters, ledger and balance, atomically. May be
 * repeated after a lost connection: messages that have left `queued` are not touched again.
 *
 * @returns how many messages changed their state
 */
export async function commitSubmissions(
  client: ClientBase,
  group: SubmissionGroup,
  slot: number,
): Promise<number> {
  const folded = group.smscIds.map(foldId);
  // Most operators write ids as they are kept.
  const asWritten = folded.every((id, i) => id === group.smscIds[i]);
  const result = await client.query({
    name: 'commit-submissions',
    text: sql,
    values: [
      arrayLiteral(group.messageIds),
      arrayLiteral(group.statuses),
      arrayLiteral(group.errors),
      arrayLiteral(group.connectorIds),
      arrayLiteral(group.parts),
      textArrayLiteral(folded),
      slot,
      asWritten ? null : textArrayLiteral(group.smscIds),
    ],
  });
  return result.rows[0].n;
}
