// The door of the test support folder.
export { type Answer, call, startTestCarillon, type TestCarillon, type TestOptions } from './carillon.ts';
export { type Child, child } from './child.ts';
export { createTestDatabase, testDatabase } from './database.ts';
export { temporaryFolder } from './temporary-folder.ts';
export { waitFor } from './wait-for.ts';
