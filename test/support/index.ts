// The door of the test support folder.
export { atEnd } from './at-end.ts';
export { type Answer, call, startTestCarillon, type TestCarillon, type TestOptions } from './carillon.ts';
export { type Child, child } from './child.ts';
export { type CrashBench, crashBench } from './crash.ts';
export { createTestDatabase, testDatabase } from './database.ts';
export { duplicates, type EngineBench, engineBench, type Order, ordinary, type Report } from './engine.ts';
export { waitedFor } from './locks.ts';
export { manyMessages } from './many-messages.ts';
export { type OwnOperator, ownOperator, perPhone, type Submit } from './own-operator.ts';
export { type Scrape, scrape } from './scrape.ts';
export { shown } from './shown.ts';
export { type TcpProxy, tcpProxy } from './tcp-proxy.ts';
export { temporaryFolder } from './temporary-folder.ts';
export { importEnded, importOf, upload } from './upload.ts';
export { waitFor } from './wait-for.ts';
