// Writes down what was perhaps sent when a session to an operator ended or an answer did not come. Called by the
// dispatcher, which sends nothing again before this is durable. What a dead process left is written down by
// settleUncertain (schedule.ts).

import { arrayLiteral } from './arrays.ts';
import type { LeasedBatch } from './lane.ts';
import type { Sql } from './sql.ts';

/** How many messages of each batch were perhaps sent; one event for each batch, with the policy of its campaign. */
export async function logUncertain(
  client: Sql,
  perBatch: ReadonlyMap<LeasedBatch, number>,
  cause: string,
): Promise<void> {
  const batches = [...perBatch.keys()];
  await client.query({
    name: 'log-uncertain',
    text: `
insert into uncertain_event (campaign_id, first_id, messages, cause, policy)
select e.campaign_id, e.first_id, e.messages, $4, c.uncertain
from unnest($1::bigint[], $2::bigint[], $3::integer[]) as e (campaign_id, first_id, messages)
join campaign c on c.id = e.campaign_id`,
    values: [
      arrayLiteral(batches.map(({ campaign }) => campaign.id)),
      arrayLiteral(batches.map(({ firstId }) => firstId)),
      arrayLiteral([...perBatch.values()]),
      cause,
    ],
  });
}
