// The messages of a campaign to numbers that begin so, by their ids: out of message_by_phone, and of the batches that are
// not sorted into it yet. Called by narrowed.ts.

import type { Page } from '../http/index.ts';
import type { Counted } from './counted.ts';
import type { StatusCode } from './status.ts';
import type { Queryable, Way } from './store.ts';

/** Digits of a number; E.164 has 15 at most, and the shortest that is taken 9. */
const digits = { least: 9, most: 15 } as const;

/** The digits that a beginning must have: fewer would be whole countries. */
export const leastDigits = 6;

/** A number or its first digits as they are asked for, with or without +; undefined where it is neither. */
export function readBeginning(text: string): string | undefined {
  const beginning = text.replace(/^\s*\+|\s/g, '');
  return beginningForm.test(beginning) ? beginning : undefined;
}

const beginningForm = new RegExp(`^[1-9]\\d{${leastDigits - 1},${digits.most - 1}}$`);

/** What would be right. */
export const wrongBeginning = `This must be a number or its first digits, ${leastDigits} to ${digits.most} of them.`;

/** The spans of numbers that begin with these digits, one for each length of a number. */
export function spansOf(beginning: string): [lowest: number, highest: number][] {
  const spans: [number, number][] = [];
  for (let length = Math.max(beginning.length, digits.least); length <= digits.most; length += 1) {
    const more = 10 ** (length - beginning.length);
    spans.push([Number(beginning) * more, (Number(beginning) + 1) * more - 1]);
  }
  return spans;
}

/**
 * A page of them, and how many there are: a look into the index for each length that numbers have, of the partitions that
 * hold the campaign. All that begin so are gathered, which are few as `leastDigits` go: a million have the first six of
 * twelve digits in common at most, and they would have to be the account's. What waits to be sorted is looked through.
 *
 * @param codes only in these states; null: in any
 */
export async function selectByNumber(
  sql: Queryable,
  accountId: number,
  campaign: Counted,
  beginning: string,
  codes: readonly StatusCode[] | null,
  way: Way,
  page: Page,
): Promise<{ ids: number[]; total: number }> {
  const spans = spansOf(beginning);
  const { rows } = await sql.query<{ ids: number[]; total: number }>(
    `with found as (
       select p.id
       from unnest($3::bigint[], $4::bigint[]) as s (lowest, highest)
       cross join lateral (
         select message_id as id from message_by_phone
         where account_id = $1 and phone between s.lowest and s.highest and message_id between $5 and $6 offset 0
       ) as p
       union all
       select m.id
       from unsorted_batch u join batch b on b.campaign_id = u.campaign_id and b.first_id = u.first_id
       cross join lateral (
         select id, phone from message
         where id between b.first_id and b.last_id and phone <@ $7::int8multirange offset 0
       ) as m
       where u.account_id = $1 and u.campaign_id = $2 and u.first_id between $5 and $6
         and int8range(b.lowest_phone, b.highest_phone, '[]') && $7::int8multirange
     ), wanted as materialized (
       select f.id from found f
       where $8::smallint[] is null or exists (
         select from message m where m.id = f.id and m.status = any($8::smallint[]) offset 0
       )
     )
     select (select count(*)::bigint from wanted) as total,
       array(select id from wanted order by id ${way} limit $9 offset $10) as ids`,
    [
      ...[accountId, campaign.id, spans.map(([lowest]) => lowest), spans.map(([, highest]) => highest)],
      ...[campaign.first, campaign.last, `{${spans.map(([low, high]) => `[${low},${high}]`).join(',')}}`],
      ...[codes, page.limit, page.offset],
    ],
  );
  return rows[0]!;
}
