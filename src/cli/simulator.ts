// `carillon simulator`: the operator simulator in a process of its own, for tests and benchmarks of any SMPP client.
import { Command } from 'commander';
import { listenNear } from '../listen.ts';
import {
  type Distribution,
  parseDistribution,
  type SimulatorOptions,
  startSimulator,
} from '../simulator/index.ts';
import { readBy, whole } from './options.ts';
import { say, sayJson } from './output.ts';
import { untilSignal } from './signals.ts';

type Options = {
  host: string;
  port: number;
  latency?: Distribution;
  receiptDelay?: Distribution;
  systemId?: string;
  password?: string;
  throughput?: number;
  sessions?: number;
  seed?: number;
  json?: boolean;
};

const magicNumbers = `
The last three digits of a number decide what becomes of its message:
  001 undelivered    002 expired           003 refused (ESME_RINVDSTADR)    004 never a receipt
  005 ACCEPTD, then DELIVRD                006 receipt before the response  007 receipt twice
  008 throttled twice, then fine           009 UNKNOWN                      010 receipt in TLVs only
  011 receipt id in hex where the response was decimal                      anything else is delivered

Delays are 5 (always), 5-20 (uniform) or exp:50 (exponential around 50), in milliseconds.

Example:
  carillon simulator --port 2775 --latency 5-20 --receipt-delay exp:3000
  carillon operator add sim --host 127.0.0.1 --port 2775 --system-id me --password secret`;

/** The command; runs until Ctrl-C. */
export function simulatorCommand(): Command {
  return new Command('simulator')
    .description('an SMPP operator that behaves, and misbehaves, as real ones do')
    .option('--host <address>', 'where to listen', '127.0.0.1')
    .option('--port <port>', 'the next free one is used if it is taken; 0: any', whole(0, 65_535), 2775)
    .option('--latency <delay>', 'from submit_sm to its response (default: 2-10)', readBy(parseDistribution))
    .option(
      '--receipt-delay <delay>',
      'from the response to the receipt (default: 200-1500)',
      readBy(parseDistribution),
    )
    .option('--system-id <id>', 'who may bind (default: anybody)')
    .option('--password <password>', 'with which password (default: any)')
    .option('--throughput <n>', 'messages per second before it answers ESME_RTHROTTLED', whole(1, 10_000_000))
    .option('--sessions <n>', 'sessions at once', whole(1, 10_000))
    .option('--seed <n>', 'draws the same delays again', whole(0, 2_147_483_647))
    .option('--json', 'print JSON')
    .addHelpText('after', magicNumbers)
    .action(async (options: Options) => {
      const { host, port, latency, receiptDelay, systemId, password, throughput, sessions, seed } = options;
      const settings: SimulatorOptions = {
        host,
        ...(latency === undefined ? {} : { latencyMs: latency }),
        ...(receiptDelay === undefined ? {} : { receiptDelayMs: receiptDelay }),
        ...(systemId === undefined ? {} : { systemId }),
        ...(password === undefined ? {} : { password }),
        ...(throughput === undefined ? {} : { throughput }),
        ...(sessions === undefined ? {} : { sessionsLimit: sessions }),
        ...(seed === undefined ? {} : { seed }),
      };
      const simulator = await listenNear(port, 'SIMULATOR_PORT', (free) =>
        startSimulator({ ...settings, port: free }),
      );
      if (options.json) sayJson({ host, port: simulator.port });
      else {
        if (port !== 0 && simulator.port !== port) say(`port ${port} is taken`);
        say(`the simulator listens on ${host}:${simulator.port}; Ctrl-C stops it`);
      }
      await untilSignal();
      const stats = simulator.stats();
      await simulator.stop();
      if (options.json) sayJson(stats);
      else say(`${stats.submits} messages taken, ${stats.receiptsSent} receipts sent`);
    });
}
