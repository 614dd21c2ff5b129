// Binds to an operator as the engine would, once for each session of its mode, and leaves again. Called by
// `carillon operator test`.
import { addressOf, type OperatorConfig } from '../operators/index.ts';
import { BindError, type BindMode, esmeName, openSession } from '../smpp/index.ts';

export type BindResult = { mode: BindMode; ok: boolean; ms: number; error?: string };

const connectTimeoutMs = 10_000;
const bindTimeoutMs = 10_000;

/** Tries every session that the operator's bind mode asks for. Never throws: a failure is a result. */
export async function testBind(operator: OperatorConfig): Promise<BindResult[]> {
  const modes: BindMode[] = operator.bindMode === 'pair' ? ['transmitter', 'receiver'] : ['transceiver'];
  const results: BindResult[] = [];
  for (const mode of modes) results.push(await bindOnce(operator, mode));
  return results;
}

function bindOnce(operator: OperatorConfig, mode: BindMode): Promise<BindResult> {
  const { tls, systemId, password, systemType, enquireLinkMs, responseTimeoutMs } = operator;
  const since = performance.now();
  const ms = () => Math.round(performance.now() - since);
  return new Promise((done) => {
    const options = {
      ...{
        ...addressOf(operator, mode),
        tls,
        systemId,
        password,
        systemType,
        mode,
        enquireLinkMs,
        responseTimeoutMs,
      },
      ...{ windowSize: 1, connectTimeoutMs, bindTimeoutMs },
    };
    const session = openSession<never>(options, {
      onBound() {
        done({ mode, ok: true, ms: ms() });
        void session.unbind();
      },
      onResponses() {},
      // Receipts that waited for us are the engine's business: unanswered, they come again.
      onDeliveries() {},
      onTimeouts() {},
      onClosed({ error, status }) {
        done({ mode, ok: false, ms: ms(), error: words(error, status) });
      },
    });
  });
}

function words(error: Error | null, status: number | undefined): string {
  if (status !== undefined)
    return `the operator refuses it with ${esmeName(status)}: check system_id and password`;
  if (error instanceof BindError || error) return error.message;
  return 'the operator closed the connection';
}
