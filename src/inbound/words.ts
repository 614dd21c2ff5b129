// The words by which a subscriber stops the messages of an account, and takes that back. Pure, but for the two
// statements at the end; used by keep.ts for each message and by the routes.

import type pg from 'pg';

type Queryable = Pick<pg.ClientBase, 'query'>;

/** What a text does to the stop list. */
export type Action = 'stop' | 'start';
export type Words = { stop: readonly string[]; start: readonly string[] };

/** Limits of a list and of a word. */
export const mostWords = 100;
export const longestWord = 50;

/** What holds for an account that has set nothing: the words that operators ask for, and their translations. */
export const defaultWords: Words = {
  stop: [
    ...['STOP', 'STOPALL', 'STOP ALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT', 'OPT OUT'],
    ...['СТОП', 'ОТПИСКА', 'ОТПИСАТЬСЯ', 'ВІДПИСКА', 'ВІДПИСАТИСЯ', 'ОТКАЗ'],
    ...['ALTO', 'BAJA', 'PARAR', 'SAIR', 'CANCELAR', 'ARRET', 'STOPP', 'ABMELDEN', 'AFMELDEN', 'BASTA'],
    ...[
      'ANNULLA',
      'DUR',
      'IPTAL',
      'REZYGNUJE',
      'ODHLASIT',
      'ΔΙΑΚΟΠΗ',
      'توقف',
      'الغاء',
      'הסר',
      '停止',
      '退订',
    ],
  ],
  start: [
    ...['START', 'UNSTOP', 'SUBSCRIBE', 'RESUME', 'СТАРТ', 'ПОДПИСКА', 'ПІДПИСКА'],
    ...['ALTA', 'INICIO', 'DEMARRER', 'ANMELDEN', 'AANMELDEN', 'BASLA'],
  ],
};

/** A text as words are compared: no accents, one case, no punctuation around it, single blanks. */
export function foldWord(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/^[\s\p{P}]+|[\s\p{P}]+$/gu, '')
    .replace(/\s+/g, ' ');
}

/** What a whole text does, by the words of its account; null: nothing. */
export function actionOf(text: string, words: Words): Action | null {
  if (text.length > 2 * longestWord) return null;
  const folded = foldWord(text);
  if (folded === '') return null;
  if (words.stop.some((word) => foldWord(word) === folded)) return 'stop';
  if (words.start.some((word) => foldWord(word) === folded)) return 'start';
  return null;
}

/** The words of accounts; who has set none has the defaults. */
export async function wordsOf(sql: Queryable, accountIds: readonly number[]): Promise<Map<number, Words>> {
  const { rows } = await sql.query<Words & { id: number }>(
    'select account_id as id, stop, start from inbound_words where account_id = any($1::bigint[])',
    [accountIds],
  );
  const set = new Map(rows.map(({ id, stop, start }) => [id, { stop, start }]));
  return new Map(accountIds.map((id) => [id, set.get(id) ?? defaultWords]));
}

/** Sets the words of an account; null puts the defaults back. */
export async function setWords(sql: Queryable, accountId: number, words: Words | null): Promise<void> {
  if (words === null) {
    await sql.query('delete from inbound_words where account_id = $1', [accountId]);
    return;
  }
  await sql.query(
    `insert into inbound_words (account_id, stop, start) values ($1, $2, $3)
     on conflict (account_id) do update set stop = excluded.stop, start = excluded.start`,
    [accountId, words.stop, words.start],
  );
}
