// The part of the npm package `smpp` that tests and benchmarks use: it ships no types of its own.

declare module 'smpp' {
  import type { EventEmitter } from 'node:events';
  import type { Server as TcpServer } from 'node:net';

  namespace smpp {
    type Fields = Record<string, unknown>;

    interface Pdu extends Fields {
      command: string;
      command_status: number;
      sequence_number: number;
      response(fields?: Fields): Pdu;
    }

    type Shortcut = (fields?: Fields, onResponse?: (pdu: Pdu) => void) => boolean;

    interface Session extends EventEmitter {
      send(pdu: Pdu, onResponse?: (pdu: Pdu) => void): boolean;
      close(onClosed?: () => void): void;
      destroy(onClosed?: () => void): void;
      bind_transceiver: Shortcut;
      bind_transmitter: Shortcut;
      bind_receiver: Shortcut;
      submit_sm: Shortcut;
      deliver_sm: Shortcut;
      enquire_link: Shortcut;
      unbind: Shortcut;
      query_sm: Shortcut;
    }

    function connect(options: Fields, onConnected?: () => void): Session;
    function createServer(options: Fields, onSession: (session: Session) => void): TcpServer;
  }

  export = smpp;
}
