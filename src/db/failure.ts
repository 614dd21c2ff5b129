// The errors of this folder that a person can act on: their message says what to do. The command line prints
// the message alone, without a stack.

export type FailureCode =
  | 'no_connection'
  | 'server_too_old'
  | 'migration_changed'
  | 'database_newer'
  | 'migration_failed'
  | 'embedded_unavailable'
  | 'embedded_failed'
  | 'already_running';

/** A database that cannot be used, with a message that tells the operator what would help. */
export class DatabaseFailure extends Error {
  readonly code: FailureCode;

  constructor(code: FailureCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'DatabaseFailure';
    this.code = code;
  }
}
