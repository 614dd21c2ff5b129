// `carillon simulator`: the operator simulator in a process of its own, for tests and benchmarks of any SMPP client.
import { Command, Option } from 'commander';
import { listenNear } from '../listen.ts';
import {
  type Distribution,
  parseDistribution,
  type QuirkName,
  type Quirks,
  quirkTable,
  type SimulatorOptions,
  startSimulator,
} from '../simulator/index.ts';
import { choice, readBy, whole } from './options.ts';
import { say, sayJson } from './output.ts';
import { untilSignal } from './signals.ts';

type Options = Quirks & {
  host: string;
  port: number;
  latency?: Distribution;
  receiptDelay?: Distribution;
  systemId?: string;
  password?: string;
  throughput?: number;
  sessions?: number;
  seed?: number;
  lateMs?: number;
  json?: boolean;
};

const magicNumbers = `
The last three digits of a number decide what becomes of its message; anything else is delivered:
  001 undelivered    002 expired           003 refused (ESME_RINVDSTADR)    004 never a receipt
  005 ACCEPTD, then DELIVRD                006 receipt before the response  007 receipt twice
  008 throttled twice, then fine           009 UNKNOWN                      010 receipt in TLVs only
  011 receipt id in hex where the response was decimal                      012 a receipt for an unknown id too
  013 receipt with id and stat only        014 receipt in a messy text      015 receipt in TLVs, text localised
  016 intermediate states, then DELIVRD    017 DELIVRD, then others         018 receipt late (--late-ms)
  019 response late                        020 at first never answered      021 at first a wrong sequence number
  022 a PDU of 64 KiB before the response  023 a lying sm_length before it  024 at first a command_length of 0
  025 at first a lying command_length      026 at first unbind          030 the subscriber answers STOP
  031 answers START                        032 answers with a question  033 answers with a long Cyrillic text

Delays are 5 (always), 5-20 (uniform) or exp:50 (exponential around 50), in milliseconds.

Example:
  carillon simulator --port 2775 --latency 5-20 --receipt-delay exp:3000
  carillon operator add sim --host 127.0.0.1 --port 2775 --system-id me --password secret`;

/** The command; runs until Ctrl-C. */
export function simulatorCommand(): Command {
  const command = new Command('simulator')
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
    .option('--late-ms <ms>', 'how late late ones are (default: 300000)', whole(1, 86_400_000));
  for (const name of Object.keys(quirkTable) as QuirkName[]) command.addOption(quirkOption(name));
  return command
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
        ...(options.lateMs === undefined ? {} : { lateMs: options.lateMs }),
        quirks: quirksOf(options),
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

/** A quirk as an option: `receiptIds` is --receipt-ids. */
function quirkOption(name: QuirkName): Option {
  const quirk = quirkTable[name];
  const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  if (quirk.kind === 'flag') return new Option(flag, quirk.about);
  if (quirk.kind === 'count')
    return new Option(`${flag} <n>`, quirk.about).argParser(whole(quirk.from, quirk.to));
  const words: readonly string[] = quirk.of;
  return new Option(`${flag} <style>`, `${quirk.about}: ${words.join(', ')}`).argParser(choice(...words));
}

/** Those options that are quirks, without what is absent. */
function quirksOf(options: Options): Quirks {
  return Object.fromEntries(
    (Object.keys(quirkTable) as QuirkName[]).flatMap((name) =>
      options[name] === undefined ? [] : [[name, options[name]]],
    ),
  );
}
