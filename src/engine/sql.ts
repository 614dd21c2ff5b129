// What the statements of the engine run on: a pool, where each is a transaction by itself, or a connection.

import type pg from 'pg';

export type Sql = pg.Pool | pg.ClientBase;
