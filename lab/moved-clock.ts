// Loaded into a serving process before Carillon (`node --import`), and by that into its threads: the laboratory can
// move its wall clock while it runs, as an administrator or a virtual machine does. The monotonic clock and the timers
// go on as they are, as they do on a real machine. It also ends the process when the laboratory is gone.
import { BroadcastChannel, isMainThread } from 'node:worker_threads';

const RealDate = Date;
let movedMs = 0;
const now = () => RealDate.now() + movedMs;

globalThis.Date = new Proxy(RealDate, {
  apply: () => new RealDate(now()).toString(),
  construct: (target, given, as) => Reflect.construct(target, given.length === 0 ? [now()] : given, as),
  get: (target, name, self) => (name === 'now' ? now : Reflect.get(target, name, self)),
});

const threads = new BroadcastChannel('moved clock');
threads.unref();
if (isMainThread) {
  process.on('message', (message: { movedMs: number }) => {
    movedMs = message.movedMs;
    threads.postMessage(movedMs);
  });
  process.once('disconnect', () => process.exit(1));
  process.channel?.unref();
} else {
  threads.onmessage = (event) => {
    movedMs = (event as { data: number }).data;
  };
}
