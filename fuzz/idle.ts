// A client that opens so many connections and says nothing on them: its own process, as one may open only so many files.
// `node fuzz/idle.ts <port> <connections>`; writes `open <n>` when all are, and ends when all were closed.
import { connect } from 'node:net';

const [port = 0, wanted = 0] = process.argv.slice(2).map(Number);
/** A listening socket takes only so many that are not accepted yet. */
const atOnce = 100;
let opened = 0;
let closed = 0;

function open(): void {
  const socket = connect(port, '127.0.0.1');
  socket.on('connect', () => {
    opened += 1;
    if (opened === wanted) console.log(`open ${opened}`);
    else if (opened + atOnce <= wanted) open();
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    closed += 1;
    if (closed === wanted) console.log(`closed ${closed}`);
  });
  socket.resume();
}

for (let i = 0; i < Math.min(atOnce, wanted); i += 1) open();
