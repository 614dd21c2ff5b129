// The entry point of the command line: runs the command and turns its result into an exit code.
import { enableCompileCache } from 'node:module';

// Halves the start of every command after the first; imports come after it, so that it knows them.
enableCompileCache();
// Whoever reads our output may have seen enough of it (`carillon key list | head -1`).
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const { runCommandLine } = await import('./cli/index.ts');
process.exitCode = await runCommandLine(process.argv.slice(2), process.env);
