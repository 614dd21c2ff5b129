// Files on their way from an upload to a job, in the database: so they survive a restart, and any process may work on
// them. Written by upload.ts as the bytes arrive, read by run.ts.
//
// Nothing is written before the first piece is full, so that a small file that is refused leaves no trace; then the
// import stands as `uploading`, which nobody sees, until `finish` makes it one that waits for its job, in the caller's
// transaction. Whatever ends an upload before that deletes it, or else the clean-up does.

import type pg from 'pg';
import type { Db } from '../db/index.ts';
import { refused } from './errors.ts';
import { limits } from './limits.ts';
import type { ImportKind, ImportOptions } from './options.ts';
import type { FileFormat } from './store.ts';

/** What is known of an import before its file has arrived. */
export type NewImport = {
  accountId: number;
  kind: ImportKind;
  fileName: string | null;
  options: ImportOptions;
  format: FileFormat;
};

export class Spool {
  readonly #db: Db;
  readonly #about: NewImport;
  #id: number | undefined;
  #pieces = 0;
  #parts: Buffer[] = [];
  #size = 0;
  #bytes = 0;
  #lines = 1;

  constructor(db: Db, about: NewImport) {
    this.#db = db;
    this.#about = about;
  }

  /** Takes bytes; resolves when there is room for more. */
  async push(bytes: Buffer): Promise<void> {
    let rest = bytes;
    while (this.#size + rest.length > limits.chunkBytes) {
      const room = limits.chunkBytes - this.#size;
      this.#add(rest.subarray(0, room));
      rest = rest.subarray(room);
      this.#id ??= await insertImport(this.#db.pool, this.#about, 'uploading');
      await this.#write(this.#db.pool, this.#id);
    }
    if (rest.length > 0) this.#add(rest);
  }

  /** Writes what is left and makes the import wait for its job; gives its id. */
  async finish(client: pg.ClientBase, campaignId: number | null): Promise<number> {
    const id = this.#id ?? (await insertImport(client, this.#about, 'uploading'));
    if (this.#size > 0) await this.#write(client, id);
    const { rowCount } = await client.query(
      `update import set state = 'waiting', campaign_id = $2, bytes = $3, lines = $4, created_at = now()
       where id = $1 and state = 'uploading'`,
      [id, campaignId, this.#bytes, this.#lines],
    );
    if (rowCount !== 1) throw refused.tooLate();
    return id;
  }

  /** Deletes what was written. */
  async discard(): Promise<void> {
    if (this.#id === undefined) return;
    await this.#db.pool.query(`delete from import where id = $1 and state = 'uploading'`, [this.#id]);
  }

  #add(bytes: Buffer): void {
    this.#parts.push(bytes);
    this.#size += bytes.length;
    this.#bytes += bytes.length;
    this.#lines += lineEnds(bytes);
  }

  async #write(sql: Pick<pg.ClientBase, 'query'>, id: number): Promise<void> {
    const bytes = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#size = 0;
    const { rowCount } = await sql.query({
      name: 'insert-import-chunk',
      text: `with touched as (
          update import set touched_at = now() where id = $1 and state = 'uploading' returning id
        )
        insert into import_chunk (import_id, n, bytes) select id, $2, $3 from touched`,
      values: [id, this.#pieces, bytes],
    });
    if (rowCount !== 1) throw refused.tooLate();
    this.#pieces += 1;
  }
}

async function insertImport(
  sql: Pick<pg.ClientBase, 'query'>,
  { accountId, kind, fileName, options, format }: NewImport,
  state: 'uploading',
): Promise<number> {
  const { rows } = await sql.query<{ id: number }>(
    `insert into import (account_id, kind, state, file_name, options, format)
     values ($1, $2, $3, $4, $5, $6) returning id`,
    [accountId, kind, state, fileName, JSON.stringify(options), JSON.stringify(format)],
  );
  return rows[0]!.id;
}

/** At least as many as the lines have: a CR and an LF count one each unless they stand together. */
function lineEnds(bytes: Buffer): number {
  let count = 0;
  for (let i = 0; i < bytes.length; i += 1) {
    const byte = bytes[i]!;
    if (byte === 10 || (byte === 13 && bytes[i + 1] !== 10)) count += 1;
  }
  return count;
}

/** The bytes of an import's file; the next piece is fetched while one is read. */
export async function* spooled(db: Db, id: number): AsyncGenerator<Buffer> {
  const fetch = async (n: number) => {
    const { rows } = await db.pool.query<{ bytes: Buffer }>({
      name: 'select-import-chunk',
      text: 'select bytes from import_chunk where import_id = $1 and n = $2',
      values: [id, n],
    });
    return rows[0]?.bytes;
  };
  let next = fetch(0);
  // Whoever stops reading does not wait for what comes next, nor hears of its failure.
  next.catch(() => {});
  for (let n = 1; ; n += 1) {
    const bytes = await next;
    if (bytes === undefined) return;
    next = fetch(n);
    next.catch(() => {});
    yield bytes;
  }
}
