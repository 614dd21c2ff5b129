// The door of the SMPP folder: what the engine and the simulator build on.

export {
  type BindMode,
  type ClientSession,
  type Closed,
  type Deliver,
  openSession,
  type SessionHandlers,
  type SessionOptions,
} from './client.ts';
export type { SessionState } from './connection.ts';
export {
  EsmClass,
  Esme,
  esmeName,
  maxShortMessage,
  type ReceiptState,
  receiptStates,
  Tag,
} from './constants.ts';
export { type Bind, type Sar, ShortMessage } from './decode.ts';
export {
  buildSubmitTemplate,
  type DeliverFields,
  relativeTime,
  type SubmitFields,
  type SubmitTemplate,
  tlv,
  writeDigits,
} from './encode.ts';
export { BindError, LinkError, StreamError } from './errors.ts';
export type { Receipt } from './receipt.ts';
export {
  createServer,
  type Server,
  type ServerHandlers,
  type ServerOptions,
  type ServerSession,
} from './server.ts';
