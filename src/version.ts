// The version of this Carillon, for --version and the API's documentation.
import { readFileSync } from 'node:fs';

/** As package.json has it; found from src/ and from dist/. */
export const version: string = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
).version;
