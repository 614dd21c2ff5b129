// The door of retries: requests that come twice are done once.
export { cleanUp, startCleanUp } from './clean-up.ts';
export { answerOnce, answerUploadOnce, OnceHeaders, type Transact } from './once.ts';
