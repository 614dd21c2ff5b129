// Proves that every phone gets exactly its text from exactly its sender, in one part or several, whatever the alphabet.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createToGroups } from '../src/campaigns/groups.ts';
import { createIndividual } from '../src/campaigns/individual.ts';
import { transaction } from '../src/db/index.ts';
import { makeGroup } from './support/contacts.ts';
import { engineBench, ownOperator, shown } from './support/index.ts';

test('each phone gets exactly its text, of individual messages and of a group', async (t) => {
  const bench = await engineBench(t);
  const operator = await ownOperator((submit, own) => {
    own.accept(submit);
    own.receipt(submit, 'DELIVRD');
  });
  bench.later(() => operator.close());
  await bench.operator({ port: operator.port });
  await bench.engine();
  const buyer = await bench.buyer();
  const transact = (work: Parameters<typeof transaction<number>>[1]) => transaction(bench.db, work);
  const kinds = (i: number) =>
    [
      `Hello ${i}`,
      `Hello ${i} ${'and more '.repeat(40)}`,
      `Привет ${i}`,
      `Привет ${i} ${'и ещё '.repeat(30)}`,
    ][i % 4]!;
  const numbers = (from: number) => Array.from({ length: 400 }, (_, i) => from + i);

  const individual = numbers(34600000000).map((phone, i) => ({
    phone,
    text: kinds(i),
    sender: i % 3 === 0 ? 'Other' : 'Shop',
  }));
  const first = await createIndividual(bench.db, buyer, { messages: individual }, new Date(), transact);
  const group = await makeGroup(
    bench.db,
    buyer.accountId,
    numbers(34700000000).map((phone, i) => ({ phone, word: kinds(i) })),
  );
  const body = { groups: [group], sender: 'Group', text: '{word} - {phone}' };
  const { id: second } = await createToGroups(bench.db, buyer, body, { checkStopList: true, transact });
  await bench.settled(first, second);

  const got = Map.groupBy(operator.submits, (submit) => submit.phone);
  assert.equal(got.size, 800);
  for (const { phone, text, sender } of individual)
    assert.deepEqual(shown(got.get(phone)!), { sender, text });
  numbers(34700000000).forEach((phone, i) => {
    assert.deepEqual(shown(got.get(phone)!), { sender: 'Group', text: `${kinds(i)} - ${phone}` });
  });
  assert.deepEqual(await bench.report(first), { status: 'done', messages: { delivered: 400 } });
  assert.deepEqual(await bench.report(second), { status: 'done', messages: { delivered: 400 } });
  await bench.stopEngines();
  await bench.sound();
});
