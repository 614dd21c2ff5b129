// Finds a port when the wanted one is taken. Called by app.ts for the API, the simulator and the metrics.

/** How many ports are tried, counting up, before giving up. */
const attempts = 20;
const largestPort = 65_535;

/** A start that failed because of the machine it is on; the message says what to do. */
export class ListenError extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'ListenError';
  }
}

/**
 * Calls `listen` with the wanted port, then with the next ones while they are taken. Returns what `listen` returns.
 * Port 0 is left to the system. Throws ListenError, with the name of the variable to change, when none is free.
 */
export async function listenNear<T>(
  wanted: number,
  variable: 'PORT' | 'SIMULATOR_PORT',
  listen: (port: number) => Promise<T>,
): Promise<T> {
  const last = wanted === 0 ? 0 : Math.min(wanted + attempts - 1, largestPort);
  for (let port = wanted; ; port++) {
    try {
      return await listen(port);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EADDRINUSE' && port < last) continue;
      throw new ListenError(words(code, port, wanted, variable, error as Error), error);
    }
  }
}

/** Listens on METRICS_PORT and no other: who scrapes it would not find the next free one. */
export async function listenExactly<T>(port: number, listen: () => Promise<T>): Promise<T> {
  try {
    return await listen();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const taken = `port ${port} is taken: set METRICS_PORT to another one`;
    const reason =
      code === 'EADDRINUSE' ? taken : words(code, port, port, 'METRICS_PORT', error as Error, 'METRICS_HOST');
    throw new ListenError(reason, error);
  }
}

function words(
  code: string | undefined,
  port: number,
  wanted: number,
  variable: string,
  error: Error,
  host = 'HOST',
): string {
  if (code === 'EADDRINUSE')
    return `the ports ${wanted} to ${port} are all taken: set ${variable} to a free one`;
  if (code === 'EACCES') return `port ${port} needs more rights: set ${variable} to one above 1023`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return `this machine has no such address (${error.message}): set ${host} to one it has, or to 0.0.0.0 for all`;
  }
  return `cannot listen on port ${port}: ${error.message}`;
}
