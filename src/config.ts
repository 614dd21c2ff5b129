// The environment becomes one validated, frozen Config here, and every variable is described here: the README's
// table and the help of `serve` are made from `variables`. Called once by the command line.

import { isIP } from 'node:net';

export type Role = 'api' | 'dispatch' | 'jobs';
export const roles: readonly Role[] = ['api', 'dispatch', 'jobs'];

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** The first operator, as the environment describes it. */
export type FirstOperator = {
  readonly host: string;
  readonly port: number;
  readonly systemId: string;
  readonly password: string;
  readonly systemType: string;
  readonly bindMode: 'transceiver' | 'pair';
  readonly tls: boolean;
  readonly sessions: number;
  readonly windowSize: number;
  /** Messages per second; null: no limit. */
  readonly throttle: number | null;
};

export type Config = {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** undefined: the embedded PostgreSQL in dataDir. */
  readonly databaseUrl: string | undefined;
  readonly databasePoolSize: number;
  readonly dataDir: string;
  readonly embeddedSettings: Readonly<Record<string, string>>;
  readonly roles: readonly Role[];
  readonly logLevel: LogLevel;
  readonly simulator: boolean;
  /** 0: any free port. */
  readonly simulatorPort: number;
  readonly operator: FirstOperator | undefined;
  readonly leaseSeconds: number;
  readonly receiptGraceMinutes: number;
  readonly jwtTtlMinutes: number;
  /** Where the built console lies; undefined: beside this program. */
  readonly consoleDir: string | undefined;
  /** Who signs in to the console first. */
  readonly adminEmail: string;
  /** Where /metrics, /healthz and /readyz are answered without a key; undefined: nowhere. Port 0: any free one. */
  readonly metrics: { readonly host: string; readonly port: number } | undefined;
  /** How many proxies stand in front of the API, or their addresses; undefined: none. */
  readonly trustProxy: number | string[] | undefined;
};

/** A value that Carillon cannot start with. The command line exits with code 2 on it. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** One environment variable: how its text is read, what it is without one, and what it is for. */
type Variable<T> = {
  readonly read: (text: string) => T | undefined;
  /** What is right, in words: "HOST must be …". */
  readonly right: string;
  readonly fallback: string | undefined;
  readonly about: string;
};

function variable<T>(fallback: string | undefined, kind: Kind<T>, about: string): Variable<T> {
  return { ...kind, fallback, about };
}

type Kind<T> = { read: (text: string) => T | undefined; right: string };

function integer(from: number, to: number): Kind<number> {
  return {
    right: `a whole number from ${from} to ${to}`,
    read(text) {
      const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
      return value >= from && value <= to ? value : undefined;
    },
  };
}

function oneOf<T extends string>(...words: readonly T[]): Kind<T> {
  return { right: words.join(', '), read: (text) => words.find((word) => word === text.toLowerCase()) };
}

function text(longest: number): Kind<string> {
  return {
    right: `1 to ${longest} characters`,
    read: (given) => (given.length <= longest ? given : undefined),
  };
}

const email: Kind<string> = {
  right: 'an e-mail address such as ann@example.org',
  read: (given) => (/^[^\s@]{1,64}@[^\s@]{1,189}$/.test(given) ? given : undefined),
};
const port = integer(0, 65_535);
const onOff: Kind<boolean> = {
  right: 'on or off',
  read(given) {
    if (/^(on|true|yes|1)$/i.test(given)) return true;
    return /^(off|false|no|0)$/i.test(given) ? false : undefined;
  },
};
const proxies: Kind<number | string[]> = {
  right: 'on, off, a number of proxies from 1 to 10, or addresses such as 10.0.0.1,192.168.0.0/16',
  read(given) {
    const asked = onOff.read(given);
    if (/^([1-9]|10)$/.test(given)) return Number(given);
    if (asked !== undefined) return asked ? 1 : 0;
    const ranges = given.split(',').map((part) => part.trim());
    return ranges.every((range) => isIP(range.split('/', 1)[0]!) !== 0) ? ranges : undefined;
  },
};
const roleList: Kind<readonly Role[]> = {
  right: 'api, dispatch and jobs, or some of them, with commas between them',
  read(given) {
    const words = given.split(',').map((word) => word.trim());
    return words.every((word) => (roles as readonly string[]).includes(word))
      ? roles.filter((role) => words.includes(role))
      : undefined;
  },
};
const postgresUrl: Kind<string> = {
  right: 'like postgresql://user:password@host:5432/database',
  read: (given) => (/^postgres(ql)?:\/\/\S+$/.test(given) ? given : undefined),
};
const settingList: Kind<Record<string, string>> = {
  right: 'PostgreSQL settings like shared_buffers=1GB,max_wal_size=8GB',
  read(given) {
    const pairs = given.split(',').map((pair) => /^\s*([a-z_.]+)\s*=\s*(.+?)\s*$/.exec(pair));
    return pairs.every((pair) => pair !== null)
      ? Object.fromEntries(pairs.map((pair) => [pair[1]!, pair[2]!]))
      : undefined;
  },
};

/** Every variable that Carillon reads. */
export const variables = {
  PORT: variable(
    '8080',
    port,
    'Port of the HTTP API; the next free one is used if it is taken. 0: any free port.',
  ),
  HOST: variable('127.0.0.1', text(255), 'Address the HTTP API listens on. 0.0.0.0: all of them.'),
  DATABASE_URL: variable(
    undefined,
    postgresUrl,
    'PostgreSQL 18 or newer. Unset: the one that comes with Carillon.',
  ),
  DATABASE_POOL_SIZE: variable(
    '10',
    integer(2, 1000),
    'Database connections of this process for short work.',
  ),
  DATA_DIR: variable('./data', text(4096), 'Folder of the PostgreSQL that comes with Carillon.'),
  EMBEDDED_SETTINGS: variable(
    undefined,
    settingList,
    'Settings for it, such as shared_buffers=1GB,max_wal_size=8GB.',
  ),
  ROLES: variable(
    'api,dispatch,jobs',
    roleList,
    'What this process does: serve the HTTP API, send messages, work through imports and exports in the background.',
  ),
  LOG_LEVEL: variable('info', oneOf(...logLevels), 'fatal, error, warn, info, debug, trace or silent.'),
  SIMULATOR: variable('on', onOff, 'The built-in operator simulator, which test_ keys reach.'),
  SIMULATOR_PORT: variable('2775', port, 'Its SMPP port; the next free one is used if it is taken.'),
  OPERATOR_HOST: variable(
    undefined,
    text(255),
    'SMPP host of the first operator; it gets every number (route "").',
  ),
  OPERATOR_PORT: variable('2775', integer(1, 65_535), 'Its port.'),
  OPERATOR_SYSTEM_ID: variable(undefined, text(15), 'The system_id it gave you.'),
  OPERATOR_PASSWORD: variable(undefined, text(64), 'The password it gave you.'),
  OPERATOR_SYSTEM_TYPE: variable('', text(12), 'The system_type it wants, if any.'),
  OPERATOR_BIND_MODE: variable(
    'transceiver',
    oneOf('transceiver', 'pair'),
    'transceiver, or pair: a transmitter and a receiver.',
  ),
  OPERATOR_TLS: variable('off', onOff, 'Connect with TLS.'),
  OPERATOR_SESSIONS: variable('1', integer(1, 64), 'Sessions (binds) at once.'),
  OPERATOR_WINDOW: variable('1000', integer(1, 100_000), 'Unanswered submit_sm per session.'),
  OPERATOR_THROTTLE: variable(undefined, integer(1, 1_000_000), 'Messages per second over all sessions.'),
  LEASE_SECONDS: variable(
    '15',
    integer(2, 3600),
    'How long a batch stays with a process that gives no sign of life.',
  ),
  RECEIPT_GRACE_MINUTES: variable(
    '60',
    integer(0, 100_000),
    'After the validity of a message, how long its receipt may still come before it counts as unknown.',
  ),
  JWT_TTL_MINUTES: variable('60', integer(1, 100_000), 'How long a bearer token of the API is good.'),
  CONSOLE_DIR: variable(
    undefined,
    text(4096),
    'Folder of the built console. Unset: the one that comes with Carillon.',
  ),
  CARILLON_ADMIN_EMAIL: variable(
    'admin@localhost',
    email,
    'E-mail address of the administrator of the console that the first start makes.',
  ),
  METRICS_PORT: variable(
    undefined,
    port,
    'Port of /metrics, /healthz and /readyz, without a key, for every role. Unset: none. 0: any free port.',
  ),
  METRICS_HOST: variable('127.0.0.1', text(255), 'Its address. 0.0.0.0: all; keep it away from customers.'),
  TRUST_PROXY: variable(
    'off',
    proxies,
    'Proxies before the API whose X-Forwarded-For names the client: on (one), how many, or their addresses.',
  ),
} as const;

export type VariableName = keyof typeof variables;
type Value<N extends VariableName> = (typeof variables)[N] extends Variable<infer T> ? T : never;

/** Name, default and purpose of every variable, for the README and for help texts. */
export function describeVariables(): { name: string; fallback: string; about: string }[] {
  return Object.entries(variables).map(([name, { fallback, about }]) => ({
    name,
    fallback: fallback ?? '',
    about,
  }));
}

/**
 * Reads the configuration. `overrides` are what the command line said, by the names of the variables.
 * Throws ConfigError that names every wrong variable and what would be right.
 */
export function loadConfig(
  env: Readonly<Record<string, string | undefined>>,
  overrides: Partial<Record<VariableName, string | undefined>> = {},
): Config {
  const problems: string[] = [];
  const read = <N extends VariableName>(name: N): Value<N> | undefined => {
    const { read, right, fallback } = variables[name] as unknown as Variable<Value<N>>;
    // An empty variable is what compose files and CI make of an unset one.
    const given = overrides[name] ?? (env[name] || fallback);
    if (given === undefined) return undefined;
    const value = read(given);
    if (value === undefined) problems.push(`${name} must be ${right}, not "${shown(name, given)}"`);
    return value;
  };
  // What cannot be read is reported below, together with everything else; until then it does not matter.
  const need = <N extends VariableName>(name: N) => read(name) as Value<N>;

  const host = read('OPERATOR_HOST');
  const operator: FirstOperator = {
    host: host ?? '',
    port: need('OPERATOR_PORT'),
    systemId: need('OPERATOR_SYSTEM_ID') ?? '',
    password: need('OPERATOR_PASSWORD') ?? '',
    systemType: need('OPERATOR_SYSTEM_TYPE'),
    bindMode: need('OPERATOR_BIND_MODE'),
    tls: need('OPERATOR_TLS'),
    sessions: need('OPERATOR_SESSIONS'),
    windowSize: need('OPERATOR_WINDOW'),
    throttle: read('OPERATOR_THROTTLE') ?? null,
  };
  if (host !== undefined && operator.systemId === '') {
    problems.push('OPERATOR_SYSTEM_ID must be set when OPERATOR_HOST is: the operator tells you what it is');
  }
  if (host === undefined && operator.systemId !== '') {
    problems.push('OPERATOR_HOST must be set when OPERATOR_SYSTEM_ID is: the operator tells you what it is');
  }
  const metricsPort = read('METRICS_PORT');
  const metricsHost = need('METRICS_HOST');
  const config: Config = {
    host: need('HOST'),
    port: need('PORT'),
    databaseUrl: read('DATABASE_URL'),
    databasePoolSize: need('DATABASE_POOL_SIZE'),
    dataDir: need('DATA_DIR'),
    embeddedSettings: Object.freeze(read('EMBEDDED_SETTINGS') ?? {}),
    roles: Object.freeze(need('ROLES')),
    logLevel: need('LOG_LEVEL'),
    simulator: need('SIMULATOR'),
    simulatorPort: need('SIMULATOR_PORT'),
    operator: host === undefined ? undefined : Object.freeze(operator),
    leaseSeconds: need('LEASE_SECONDS'),
    receiptGraceMinutes: need('RECEIPT_GRACE_MINUTES'),
    jwtTtlMinutes: need('JWT_TTL_MINUTES'),
    consoleDir: read('CONSOLE_DIR'),
    adminEmail: need('CARILLON_ADMIN_EMAIL'),
    metrics: metricsPort === undefined ? undefined : Object.freeze({ host: metricsHost, port: metricsPort }),
    trustProxy: need('TRUST_PROXY') || undefined,
  };
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.freeze(config);
}

/** What may be printed of a wrong value: it could hold a password. */
function shown(name: VariableName, given: string): string {
  return name === 'DATABASE_URL' || name === 'OPERATOR_PASSWORD' ? '***' : given;
}
