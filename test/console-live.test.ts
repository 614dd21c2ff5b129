// Proves what the console watches: a real campaign from its creation to its end over server-sent events, and who may
// watch what.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { consoleUser, password } from './support/console.ts';
import { ordinary, startTestCarillon, type TestCarillon, waitFor } from './support/index.ts';

type Event = { event: string; data: never };
type Person = { cookie: string; csrf: string };

async function signIn({ url }: TestCarillon, email: string): Promise<Person> {
  const response = await fetch(`${url}/console/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ email, password }),
  });
  const { data } = (await response.json()) as { data: { csrf_token: string } };
  return { cookie: response.headers.get('set-cookie')!.split(';', 1)[0]!, csrf: data.csrf_token };
}

const ask = ({ url }: TestCarillon, person: Person, method: string, path: string, body?: unknown) =>
  fetch(`${url}${path}`, {
    method,
    headers: {
      ...{ cookie: person.cookie, 'x-csrf-token': person.csrf },
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

/** Reads a stream in the background; `events` grows, and `ended` resolves with the stream. */
async function watch(t: TestContext, carillon: TestCarillon, person: Person, topics: string) {
  const stop = new AbortController();
  t.after(() => stop.abort());
  const response = await fetch(`${carillon.url}/console/api/events?topics=${topics}`, {
    headers: { cookie: person.cookie },
    signal: stop.signal,
  });
  const events: Event[] = [];
  const read = async () => {
    let text = '';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const blocks = text.split('\n\n');
      text = blocks.pop()!;
      for (const block of blocks) {
        const [, event, data] = /^event: (.*)\ndata: (.*)$/.exec(block) ?? [];
        if (event !== undefined) events.push({ event, data: JSON.parse(data!) as never });
      }
    }
  };
  const ended = response.status === 200 ? read().catch(() => {}) : Promise.resolve();
  return { status: response.status, headers: response.headers, events, ended, stop: () => stop.abort() };
}

test('a campaign is seen live from its creation to its last receipt', async (t) => {
  const carillon = await startTestCarillon(t, {
    simulator: { latencyMs: { min: 0, max: 2 }, receiptDelayMs: { min: 300, max: 1500 } },
  });
  const user = await consoleUser(carillon, carillon.account);
  const boss = await consoleUser(carillon, carillon.firstAdmin!.account, 'administrator');
  const [ann, admin] = [await signIn(carillon, user.email), await signIn(carillon, boss.email)];
  const list = await watch(t, carillon, ann, 'campaigns');
  assert.equal(list.status, 200);
  assert.match(list.headers.get('content-type')!, /^text\/event-stream/);
  await waitFor(() => list.events.length > 0, { what: 'the first state' });
  assert.deepEqual(list.events, [{ event: 'campaigns', data: [] as never }]);

  const phones = ordinary(200).map((number) => ({ number }));
  const sent = await ask(carillon, ann, 'POST', '/api/campaigns/sms/send', {
    ...{ sender: 'Carillon', text: 'Live', phones },
  });
  assert.equal(sent.status, 200);
  const { id } = ((await sent.json()) as { data: { id: number } }).data;
  const report = await watch(t, carillon, ann, `campaign:${id},campaigns`);
  const everything = await watch(t, carillon, admin, `campaign:${id},operators,system`);
  type Report = { id: number; status: string; statistics: Record<string, number> };
  const reports = (events: Event[]) =>
    events.filter(({ event }) => event === 'campaign').map(({ data }) => data as Report);
  for (const { events } of [report, everything]) {
    const final = await waitFor(() => {
      const last = reports(events).at(-1);
      const open = ['sending', 'scheduled', 'sent', 'accepted'].reduce(
        (n, status) => n + (last?.statistics[status] ?? 0),
        0,
      );
      return last?.status === 'done' && open === 0 ? last : undefined;
    });
    assert.equal(final.id, id);
    assert.equal(
      Object.values(final.statistics).reduce((a, b) => a + b, 0),
      200,
    );
    assert.ok(reports(events).length >= 2, 'more than one state was seen');
  }
  await waitFor(() =>
    list.events.some(({ data }) => (data as Report[]).some((c) => c.id === id && c.status === 'done')),
  );
  await waitFor(() => everything.events.some(({ event }) => event === 'system'));
  type Operator = { name: string; state: string; totals: { submitted: number } };
  await waitFor(
    () =>
      everything.events.some(
        ({ event, data }) =>
          event === 'operators' &&
          (data as Operator[]).some(
            (o) => o.name === 'simulator' && o.state === 'bound' && o.totals.submitted === 200,
          ),
      ),
    { what: 'what the dispatcher published' },
  );
  const system = (await (await ask(carillon, admin, 'GET', '/console/api/system')).json()) as {
    data: { dispatchers: { alive: boolean }[]; queue: { messages: number }; doctor: { runs: unknown[] } };
  };
  assert.deepEqual(
    system.data.dispatchers.map(({ alive }) => alive),
    [true],
  );
  assert.equal(system.data.queue.messages, 0);

  assert.equal((await ask(carillon, admin, 'POST', '/console/api/system/doctor')).status, 202);
  const run = await waitFor(async () => {
    const { data } = (await (await ask(carillon, admin, 'GET', '/console/api/system')).json()) as {
      data: { doctor: { running: boolean; runs: { errors: number; breaches: unknown[] }[] } };
    };
    return data.doctor.running ? undefined : data.doctor.runs[0];
  });
  assert.deepEqual([run.errors, run.breaches], [0, []]);
});

test('nobody watches what is not theirs, nor more than a few pages, nor after signing out', async (t) => {
  const carillon = await startTestCarillon(t);
  const ann = await consoleUser(carillon, carillon.account);
  const other = await consoleUser(carillon, carillon.firstAdmin!.account, 'moderator');
  const [a, o] = [await signIn(carillon, ann.email), await signIn(carillon, other.email)];
  const made = await carillon.call('POST', '/api/campaigns/sms/send', {
    ...{ sender: 'Carillon', text: 'Mine', phones: [{ number: 34600000000 }] },
  });
  const status = async (person: Person, topics: string) => {
    const stream = await watch(t, carillon, person, topics);
    stream.stop();
    await stream.ended;
    return stream.status;
  };
  const topic = `campaign:${made.body.data.id}`;
  assert.equal(await status({ cookie: '', csrf: '' }, 'campaigns'), 401);
  assert.equal(await status(a, topic), 200);
  assert.equal(await status(o, topic), 404);
  assert.equal(await status(a, 'campaign:987654'), 404);
  assert.equal(await status(a, 'operators'), 403);
  assert.equal(await status(o, 'system'), 403);
  for (const wrong of ['', 'nothing', 'campaign:0', 'campaign:x', `${topic},`])
    assert.equal(await status(a, wrong), 422, wrong);
  assert.equal((await ask(carillon, a, 'GET', '/console/api/system')).status, 403);
  assert.equal((await ask(carillon, o, 'POST', '/console/api/system/doctor')).status, 403);

  // Streams that were ended leave the hub when their sockets close.
  const open = await waitFor(async () => {
    const streams = await Promise.all(Array.from({ length: 10 }, () => watch(t, carillon, a, 'campaigns')));
    if (streams.every((stream) => stream.status === 200)) return streams;
    for (const stream of streams) stream.stop();
    return undefined;
  });
  assert.equal(await status(a, 'campaigns'), 429);
  assert.equal(await status(o, 'campaigns'), 200, 'others are not concerned');
  assert.equal((await ask(carillon, a, 'DELETE', '/console/api/session')).status, 204);
  await Promise.all(open.map(({ ended }) => ended));
  for (const { events } of open)
    assert.deepEqual(events.at(-1), { event: 'bye', data: { reason: 'signed_out' } });

  const last = await watch(t, carillon, o, 'campaigns');
  await waitFor(() => last.events.length > 0);
  await carillon.stop();
  await last.ended;
  assert.deepEqual(last.events.at(-1), { event: 'bye', data: { reason: 'stopping' } });
});
