// What every statement of this folder runs on.
import type pg from 'pg';

/** A pool or a connection in a transaction. */
export type Queryable = Pick<pg.ClientBase, 'query'>;
