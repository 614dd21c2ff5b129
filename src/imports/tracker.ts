// How far a job is: counts what becomes of the rows, keeps those that were rejected, and writes both down about once a
// second, on another connection than that of the work, so that its author can follow it. Called by the kinds of
// imports.

import type { Db } from '../db/index.ts';
import type { TableChunk } from '../tables/index.ts';
import { Rejections } from './rejections.ts';
import { type ImportRow, noProgress, type Progress, type Queryable, updateProgress } from './store.ts';

const saveEveryMs = 1000;

/** The import was cancelled while its job was at it. */
export class Cancelled extends Error {}

export class Tracker {
  readonly progress: Progress;
  readonly #db: Db;
  readonly #id: number;
  readonly #rejections: Rejections;
  #saved = performance.now();

  /** @param before what an earlier try has committed, which is gone on with; from the start where absent */
  constructor(db: Db, id: number, before?: ImportRow) {
    this.#db = db;
    this.#id = id;
    this.progress = noProgress();
    if (before !== undefined) {
      for (const name of Object.keys(this.progress) as (keyof Progress)[]) this.progress[name] = before[name];
    }
    this.#rejections = new Rejections(id, this.progress.rejected);
  }

  /** Takes in a chunk that was read, with the rows of it that could not be. */
  read(chunk: TableChunk & { bytes: number }): void {
    this.progress.bytesRead += chunk.bytes;
    this.progress.rowsRead += chunk.lines.length + chunk.bad.length;
    for (const { line, reason, raw } of chunk.bad)
      this.reject(line, `The row cannot be read: ${reason}.`, raw);
  }

  /** Takes in a row that is left out; true where it is time to `flush`. */
  reject(line: number, reason: string, raw: string): boolean {
    this.progress.rejected += 1;
    return this.#rejections.add(line, reason, raw);
  }

  /** Writes the rejected rows. */
  async flush(): Promise<void> {
    await this.#rejections.write(this.#db.pool);
  }

  /** Writes everything down where the last time is a second ago. Throws Cancelled where the import is over. */
  async saveNow(when: 'sometimes' | 'always' = 'sometimes'): Promise<void> {
    const now = performance.now();
    if (when === 'sometimes' && now - this.#saved < saveEveryMs) return;
    this.#saved = now;
    await this.save(this.#db.pool);
  }

  /** Writes everything down on this connection. Throws Cancelled where the import is over. */
  async save(sql: Queryable): Promise<void> {
    await this.#rejections.write(sql);
    if (!(await updateProgress(sql, this.#id, this.progress))) throw new Cancelled();
  }
}
