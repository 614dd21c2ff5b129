#!/usr/bin/env node
// Starts the carillon command: from the sources in a checkout, from dist/ in an installed package. Plain JavaScript
// that any Node understands, so that an old one can be told what is missing.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const source = new URL('../src/main.ts', import.meta.url);
const built = new URL('../dist/main.js', import.meta.url);
// Node does not strip types below node_modules; a package has no src/ anyway.
const fromSource = existsSync(fileURLToPath(source)) && !fileURLToPath(source).includes('node_modules');

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `carillon: needs Node 22.18 or newer, this is ${process.versions.node}: ` +
      (fromSource
        ? 'run it by npm (npm start, npm run demo), which uses the Node of this project'
        : 'install a newer Node'),
  );
  process.exit(2);
}
if (!fromSource && !existsSync(fileURLToPath(built))) {
  console.error('carillon: there is nothing to run: build it first with npm run build');
  process.exit(2);
}
await import((fromSource ? source : built).href);
