// The rows of an import that were left out: gathered and written in bulk by its job, read by whoever downloads them.

import type pg from 'pg';
import type { Db } from '../db/index.ts';
import { limits } from './limits.ts';

export type RejectedRow = { line: number; reason: string; raw: string };

/** Rows that one statement writes, and that one statement reads. */
const bulk = 5000;

/** Gathers rejected rows, and writes them when they are many or it is told to. Beyond the limit they are only counted. */
export class Rejections {
  readonly #id: number;
  #rows: RejectedRow[] = [];
  #kept: number;
  /** All of them. */
  count: number;

  /** @param before how many an earlier try has left, which stay */
  constructor(id: number, before = 0) {
    this.#id = id;
    this.#kept = before;
    this.count = before;
  }

  /** Takes one; true where it is time to write. */
  add(line: number, reason: string, raw: string): boolean {
    this.count += 1;
    if (this.#kept >= limits.rejections) return false;
    this.#kept += 1;
    this.#rows.push({ line, reason, raw });
    return this.#rows.length >= bulk;
  }

  /** Writes what has been gathered. */
  async write(sql: Pick<pg.ClientBase, 'query'>): Promise<void> {
    const rows = this.#rows;
    if (rows.length === 0) return;
    this.#rows = [];
    await sql.query({
      name: 'insert-import-rejections',
      text: `insert into import_rejection (import_id, line, reason, raw)
        select $1, * from unnest($2::bigint[], $3::text[], $4::text[]) on conflict do nothing`,
      values: [
        this.#id,
        rows.map(({ line }) => line),
        rows.map(({ reason }) => storable(reason)),
        rows.map(({ raw }) => storable(raw)),
      ],
    });
  }
}

/** What PostgreSQL cannot hold is shown as the character for what is no character. */
function storable(text: string): string {
  return text.replaceAll('\0', '\ufffd').toWellFormed();
}

/** Deletes what an earlier try of a job has left. */
export async function deleteRejections(db: Db, id: number): Promise<void> {
  await db.pool.query('delete from import_rejection where import_id = $1', [id]);
}

/** The rejected rows of an import as CSV with semicolons, in the order of their lines. */
export async function* rejectedCsv(db: Db, id: number): AsyncGenerator<string> {
  yield 'line;reason;raw\r\n';
  for (let after = -1; ; ) {
    const { rows } = await db.pool.query<RejectedRow>({
      name: 'select-import-rejections',
      text: `select line, reason, raw from import_rejection where import_id = $1 and line > $2
        order by line limit ${bulk}`,
      values: [id, after],
    });
    if (rows.length === 0) return;
    yield rows.map(({ line, reason, raw }) => `${line};${quoted(reason)};${quoted(raw)}\r\n`).join('');
    after = rows.at(-1)!.line;
  }
}

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
