// Finds the messages of receipts in the table of submissions. Called by the matcher for what it does not remember, and
// for orphans.

import { arrayLiteral, textArrayLiteral } from './arrays.ts';
import { foldId, type Notation, noted, otherNotations } from './notation.ts';
import { idLife } from './receipts.ts';
import { type Naming, notationsOf } from './recent.ts';
import { tail } from './recipient.ts';
import type { Sql } from './sql.ts';

/** A receipt whose message is looked for. */
export type Sought = {
  readonly receipt: Naming;
  /** The operators of its account: any of them may have submitted the message. */
  readonly connectorIds: readonly number[];
  /** How the last receipts of the account were written. */
  readonly usual: Notation;
};

/** A submission that a receipt names. */
export type Found = { messageId: number; part: number; smscId: string; notation: Notation };

/** One id at one operator. `phones` 0: they need not agree; `alike` 1: the id must be written as in the receipt. */
type Look = {
  owner: number;
  connectorId: number;
  id: string;
  notation: Notation;
  phones: 0 | 1;
  alike: 0 | 1;
};

type Candidate = {
  ord: number;
  messageId: number;
  part: number;
  smscId: string;
  /** Whether the phones are the same, the ids are written alike, and when it was submitted. */
  same: boolean;
  alike: boolean;
  at: number;
};

// One index scan a look. Of several messages with the same id the one with the very phone counts, then the one whose
// id is written alike, then the newest: operators begin anew after days. Never a phone that is none: its end is -1.
const findSql = `
select i.ord::integer, s.*
from unnest($1::integer[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::smallint[], $7::smallint[])
  with ordinality as i (connector_id, smsc_id, named, phone, other, phones, alike, ord)
cross join lateral (
  select s.message_id as "messageId", s.part, s.smsc_message_id as "smscId",
    m.phone in (i.phone, i.other) as same, coalesce(s.written, s.smsc_message_id) = i.named as alike,
    extract(epoch from s.at)::float8 as at
  from submission s join message m on m.id = s.message_id
  where s.smsc_message_id = i.smsc_id and s.connector_id = i.connector_id and s.at > now() - ${idLife}
    and (i.phones = 0 or m.phone % ${tail} in (i.phone % ${tail}, i.other % ${tail}))
    and (i.alike = 0 or coalesce(s.written, s.smsc_message_id) = i.named)
  order by 4 desc, 5 desc, s.at desc
  limit 1
) as s
order by i.ord`;

/**
 * Finds the submissions that receipts name; the rules are those of `speaksOf`.
 *
 * @param guess look for the ids in every notation that operators are known to use
 * @returns for each receipt its submission, or undefined
 */
export async function findSubmissions(
  sql: Sql,
  sought: readonly Sought[],
  guess: boolean,
): Promise<(Found | undefined)[]> {
  const looks = sought.flatMap((one, owner) => looksFor(one, owner, guess));
  const receipts = looks.map(({ owner }) => sought[owner]!.receipt);
  const { rows } = await sql.query({
    name: 'find-submissions',
    text: findSql,
    values: [
      arrayLiteral(looks.map((look) => look.connectorId)),
      textArrayLiteral(looks.map((look) => look.id)),
      textArrayLiteral(receipts.map((receipt) => receipt.named)),
      arrayLiteral(receipts.map(({ phone }) => phone || -1)),
      arrayLiteral(receipts.map(({ other }) => other || -1)),
      arrayLiteral(looks.map((look) => look.phones)),
      arrayLiteral(looks.map((look) => look.alike)),
    ],
  });
  const best = new Map<number, { candidate: Candidate; look: Look }>();
  for (const candidate of rows as Candidate[]) {
    const look = looks[candidate.ord - 1]!;
    const other = best.get(look.owner);
    if (other === undefined || beats(candidate, look, other.candidate, other.look)) {
      best.set(look.owner, { candidate, look });
    }
  }
  return sought.map((_, owner) => {
    const found = best.get(owner);
    if (found === undefined) return undefined;
    const { messageId, part, smscId } = found.candidate;
    return { messageId, part, smscId, notation: found.look.notation };
  });
}

function looksFor({ receipt, connectorIds, usual }: Sought, owner: number, guess: boolean): Look[] {
  const usually = notationsOf(receipt, usual);
  const auto = receipt.format === 'auto';
  const notations = guess && auto ? new Set([...usually, ...otherNotations]) : usually;
  const folded = foldId(receipt.named);
  const looks: Look[] = [];
  for (const notation of notations) {
    const id = noted(folded, notation);
    const believed = receipt.phone !== 0 || notation === 'same' || !auto;
    if (id === null || !believed) continue;
    for (const connectorId of connectorIds) {
      const phones = auto && receipt.phone !== 0 ? 1 : 0;
      looks.push({ owner, connectorId, id, notation, phones, alike: receipt.format === 'as_is' ? 1 : 0 });
    }
  }
  return looks;
}

// The very phone before one that ends alike; then the likelier notation, which is looked for first; then the newest.
function beats(candidate: Candidate, look: Look, than: Candidate, its: Look): boolean {
  if (candidate.same !== than.same) return candidate.same;
  if (look.notation !== its.notation) return false;
  return candidate.alike === than.alike ? candidate.at > than.at : candidate.alike;
}
