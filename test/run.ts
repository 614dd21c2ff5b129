// Runs the whole test suite against one PostgreSQL that is started before and stopped after it, whatever happens.
// `npm run test:run`; arguments replace the default files and may hold options of node --test.
import { spawn } from 'node:child_process';
import { ensureConsole } from '../console/ensure.ts';
import { makeTemplate, startTestServer } from './support/server.ts';

const everything = ['src/**/*.test.ts', 'test/**/*.test.ts'];
/** Test files at once: they wait for sockets and the database more than they compute. */
const concurrency = 4;

const given = process.argv.slice(2);
const files = given.some((argument) => !argument.startsWith('-')) ? given : [...given, ...everything];
// The tests of the console look at it as it is built; made once, before they start.
if (files.some((file) => file.includes('console') || everything.includes(file)))
  await ensureConsole(console.log);
const server = await startTestServer();
let exitCode = 1;
try {
  await makeTemplate(server.connectionString);
  exitCode = await run(files);
} finally {
  await server.stop();
}
process.exitCode = exitCode;

function run(args: string[]): Promise<number> {
  const child = spawn(process.execPath, ['--test', `--test-concurrency=${concurrency}`, ...args], {
    stdio: 'inherit',
    env: { ...process.env, CARILLON_TEST_DATABASE: server.connectionString },
  });
  // Ctrl-C reaches the child by itself; we stay until it has ended, so that the database is stopped after it.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((done) => child.once('exit', (code) => done(code ?? 1)));
}
