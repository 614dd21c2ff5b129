// How long-running commands end: Ctrl-C or SIGTERM asks for a clean end, a second one forces it.

/** As shells report a process that Ctrl-C ended. */
const interrupted = 130;
/** npm passes on the Ctrl-C that the terminal has sent us already: the same wish, not a second one. */
const echoMs = 1000;

/** Resolves at the first Ctrl-C or SIGTERM. From then on another one ends the process at once. */
export function untilSignal(): Promise<NodeJS.Signals> {
  return new Promise((done) => {
    let first: number | undefined;
    const hear = (signal: NodeJS.Signals) => {
      if (first === undefined) {
        first = performance.now();
        done(signal);
      } else if (performance.now() - first > echoMs) {
        process.stderr.write('carillon: stopped by force; the next start recovers what was on its way\n');
        process.exit(interrupted);
      }
    };
    process.on('SIGINT', hear);
    process.on('SIGTERM', hear);
  });
}
