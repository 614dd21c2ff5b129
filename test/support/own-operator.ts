// An operator whose every answer the test decides: it takes submit_sm and does nothing by itself. Used by tests of
// what rare operators do, or do not do.
import { createServer, type ServerSession, type ShortMessage } from '../../src/smpp/index.ts';

export type Submit = {
  readonly phone: number;
  /** Its place among all submits, from 0. */
  readonly index: number;
  readonly session: ServerSession<Submit>;
  /** What `accept` called it. */
  id: string;
  readonly sequence: number;
  /** Who it says it is from, and what: header and octets as they came. */
  readonly sender: string;
  readonly dataCoding: number;
  readonly shortMessage: Buffer;
  answered: boolean;
};

/** What a receipt has otherwise than usual. */
export type Unusual = {
  id?: string;
  source?: number | string;
  destination?: string;
  /** Takes the place of the whole text. */
  text?: string | Buffer;
  esmClass?: number;
};

export type OwnOperator = {
  readonly port: number;
  /** Every submit_sm, in the order of arrival. */
  readonly submits: readonly Submit[];
  readonly sessions: ReadonlySet<ServerSession<Submit>>;
  /** Submits that were not answered, now and at most. */
  readonly outstanding: number;
  readonly mostOutstanding: number;
  /** Deliveries that the other side acknowledged. */
  readonly acknowledged: number;
  answer(submit: Submit, status: number, id?: string): void;
  /** ESME_ROK with an id of its own. */
  accept(submit: Submit): void;
  /** A delivery receipt on any session that takes one; `unusual` says how it is written. */
  receipt(submit: Submit, state: string, unusual?: Unusual, session?: ServerSession<Submit>): void;
  close(): Promise<void>;
};

/** Listens on a port of its own. `onSubmit` is called for each submit_sm and may answer it, now or later. */
export async function ownOperator(
  onSubmit: (submit: Submit, operator: OwnOperator) => void,
  { port = 0 } = {},
): Promise<OwnOperator> {
  const submits: Submit[] = [];
  const sessions = new Set<ServerSession<Submit>>();
  let outstanding = 0;
  let mostOutstanding = 0;
  let acknowledged = 0;

  function answer(submit: Submit, status: number, id = ''): void {
    submit.id = id;
    if (!submit.answered) outstanding--;
    submit.answered = true;
    submit.session.respond(submit.sequence, status, id);
  }

  const server = await createServer<Submit>(
    {
      host: '127.0.0.1',
      port,
      systemId: 'own',
      authenticate: () => 0,
      windowSize: 10_000,
      enquireLinkMs: 30_000,
      bindTimeoutMs: 10_000,
    },
    (session) => {
      sessions.add(session);
      return {
        onSubmits(messages: ShortMessage[]) {
          outstanding += messages.length;
          mostOutstanding = Math.max(mostOutstanding, outstanding);
          for (const { destinationNumber, sequence, source, dataCoding, shortMessage } of messages) {
            const submit: Submit = {
              phone: destinationNumber,
              index: submits.length,
              session,
              id: '',
              sequence,
              sender: source,
              dataCoding,
              // A view of a buffer that is used again.
              shortMessage: Buffer.from(shortMessage),
              answered: false,
            };
            submits.push(submit);
            onSubmit(submit, operator);
          }
        },
        onAcknowledged(tokens) {
          acknowledged += tokens.length;
        },
        onClosed() {
          sessions.delete(session);
          for (const submit of submits) {
            if (submit.session === session && !submit.answered) {
              submit.answered = true;
              outstanding--;
            }
          }
        },
      };
    },
  );
  const operator: OwnOperator = {
    port: server.port,
    submits,
    sessions,
    get outstanding() {
      return outstanding;
    },
    get mostOutstanding() {
      return mostOutstanding;
    },
    get acknowledged() {
      return acknowledged;
    },
    answer,
    accept: (submit) => answer(submit, 0, `own-${submit.index}`),
    receipt(submit, state, unusual = {}, on?: ServerSession<Submit>) {
      const { id = submit.id, source = submit.phone, destination = 'Shop', esmClass = 4 } = unusual;
      const text = unusual.text ?? `id:${id} sub:001 dlvrd:001 stat:${state} err:000 text:`;
      const session = on ?? [...sessions].find((s) => s.room > 0);
      if (session === undefined) throw new Error('no session takes a receipt');
      session.deliver(
        {
          sourceTon: 1,
          sourceNpi: 1,
          source,
          destinationTon: 5,
          destinationNpi: 0,
          destination,
          esmClass,
          dataCoding: 0,
          shortMessage: Buffer.from(text),
          optional: new Uint8Array(0),
        },
        submit,
      );
      session.flush();
    },
    close: () => server.close(),
  };
  return operator;
}

/** How often each phone was submitted. */
export function perPhone(submits: readonly Submit[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { phone } of submits) counts.set(phone, (counts.get(phone) ?? 0) + 1);
  return counts;
}
