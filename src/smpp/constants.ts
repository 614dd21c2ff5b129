// The numbers of SMPP 3.4 that Carillon speaks: command ids, command statuses, optional-parameter tags and message
// states, and the limits of the protocol. Read by every other file of this folder, and by the engine for statuses.

/** Command ids (5.1.2.1) as signed 32-bit integers, the way bitwise reads give them: responses are negative. */
export const Command = {
  genericNack: 0x80000000 | 0,
  bindReceiver: 0x01,
  bindReceiverResp: 0x80000001 | 0,
  bindTransmitter: 0x02,
  bindTransmitterResp: 0x80000002 | 0,
  submitSm: 0x04,
  submitSmResp: 0x80000004 | 0,
  deliverSm: 0x05,
  deliverSmResp: 0x80000005 | 0,
  unbind: 0x06,
  unbindResp: 0x80000006 | 0,
  bindTransceiver: 0x09,
  bindTransceiverResp: 0x80000009 | 0,
  outbind: 0x0b,
  enquireLink: 0x15,
  enquireLinkResp: 0x80000015 | 0,
  alertNotification: 0x102,
} as const;

/** What makes the id of a response of the id of its request. */
export const responseBit = 0x80000000 | 0;

/** Command statuses (5.1.3), by the names of the specification. */
export const Esme = {
  ESME_ROK: 0x00,
  ESME_RINVMSGLEN: 0x01,
  ESME_RINVCMDLEN: 0x02,
  ESME_RINVCMDID: 0x03,
  ESME_RINVBNDSTS: 0x04,
  ESME_RALYBND: 0x05,
  ESME_RINVPRTFLG: 0x06,
  ESME_RINVREGDLVFLG: 0x07,
  ESME_RSYSERR: 0x08,
  ESME_RINVSRCADR: 0x0a,
  ESME_RINVDSTADR: 0x0b,
  ESME_RINVMSGID: 0x0c,
  ESME_RBINDFAIL: 0x0d,
  ESME_RINVPASWD: 0x0e,
  ESME_RINVSYSID: 0x0f,
  ESME_RCANCELFAIL: 0x11,
  ESME_RREPLACEFAIL: 0x13,
  ESME_RMSGQFUL: 0x14,
  ESME_RINVSERTYP: 0x15,
  ESME_RINVNUMDESTS: 0x33,
  ESME_RINVDLNAME: 0x34,
  ESME_RINVDESTFLAG: 0x40,
  ESME_RINVSUBREP: 0x42,
  ESME_RINVESMCLASS: 0x43,
  ESME_RCNTSUBDL: 0x44,
  ESME_RSUBMITFAIL: 0x45,
  ESME_RINVSRCTON: 0x48,
  ESME_RINVSRCNPI: 0x49,
  ESME_RINVDSTTON: 0x50,
  ESME_RINVDSTNPI: 0x51,
  ESME_RINVSYSTYP: 0x53,
  ESME_RINVREPFLAG: 0x54,
  ESME_RINVNUMMSGS: 0x55,
  ESME_RTHROTTLED: 0x58,
  ESME_RINVSCHED: 0x61,
  ESME_RINVEXPIRY: 0x62,
  ESME_RINVDFTMSGID: 0x63,
  ESME_RX_T_APPN: 0x64,
  ESME_RX_P_APPN: 0x65,
  ESME_RX_R_APPN: 0x66,
  ESME_RQUERYFAIL: 0x67,
  ESME_RINVOPTPARSTREAM: 0xc0,
  ESME_ROPTPARNOTALLWD: 0xc1,
  ESME_RINVPARLEN: 0xc2,
  ESME_RMISSINGOPTPARAM: 0xc3,
  ESME_RINVOPTPARAMVAL: 0xc4,
  ESME_RDELIVERYFAILURE: 0xfe,
  ESME_RUNKNOWNERR: 0xff,
} as const;

const statusNames = new Map<number, string>(Object.entries(Esme).map(([name, code]) => [code, name]));

/** The name of a command_status, or its number in hexadecimal where the specification has none. */
export function esmeName(status: number): string {
  return statusNames.get(status) ?? `0x${status.toString(16).padStart(8, '0')}`;
}

/** Tags of optional parameters (5.3.2) that are read or written here; all others are skipped. */
export const Tag = {
  receiptedMessageId: 0x001e,
  sarReference: 0x020c,
  sarTotal: 0x020e,
  sarPart: 0x020f,
  networkErrorCode: 0x0423,
  messagePayload: 0x0424,
  messageState: 0x0427,
} as const;

/** Bits of esm_class (5.2.12). */
export const EsmClass = {
  messageTypeMask: 0x3c,
  deliveryReceipt: 0x04,
  intermediateNotification: 0x20,
  udhIndicator: 0x40,
} as const;

/** The words of a receipt's `stat:` (appendix B), in the order of message_state (5.2.28) from 0 to 8. */
export const receiptStates = [
  'SCHEDULED',
  'ENROUTE',
  'DELIVRD',
  'EXPIRED',
  'DELETED',
  'UNDELIV',
  'ACCEPTD',
  'UNKNOWN',
  'REJECTD',
] as const;
export type ReceiptState = (typeof receiptStates)[number];

/** Every PDU begins with command_length, command_id, command_status and sequence_number, 4 octets each. */
export const headerLength = 16;

/** The longest PDU taken: a message_payload of 64 KiB hardly occurs, and beyond it a length is surely garbage. */
export const maxPduLength = 65_536;

/** sequence_number runs from 1 to this (3.2) and then begins again. */
export const maxSequence = 0x7fff_ffff;

/** sm_length is one octet and 254 its greatest value (5.2.21); longer texts go into message_payload. */
export const maxShortMessage = 254;

/** Addresses are at most 20 octets and a NUL (5.2.8, 5.2.9). */
export const maxAddressLength = 20;
