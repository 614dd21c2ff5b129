// The errors of the SMPP layer, each declared once. A PduError concerns one PDU and is answered with its status;
// all others end the session. None of them carries a password.

import { esmeName } from './constants.ts';

/** Recoverable: one PDU cannot be read. It is answered with `status`, and the session goes on. */
export class PduError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.name = 'PduError';
    this.status = status;
  }
}

/** Fatal: the byte stream cannot be cut into PDUs any more, so nothing that follows can be trusted. */
export class StreamError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'StreamError';
  }
}

/** Fatal: the operator refused the bind with `status`. */
export class BindError extends Error {
  readonly status: number;
  constructor(status: number, systemId: string) {
    super(`bind of ${systemId} refused: ${esmeName(status)}`);
    this.name = 'BindError';
    this.status = status;
  }
}

/** Fatal: the connection could not be made, or is dead. */
export class LinkError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'LinkError';
  }
}
