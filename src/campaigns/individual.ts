// A send of individual messages: up to 10,000, each with its own text, sender, tariff and reference. Called by
// personal-routes.ts.
//
// A number may come several times: whoever writes a text for each message means each of them. The campaign shows the
// sender and the text of the first message.

import type { Db } from '../db/index.ts';
import { type FieldErrors, invalid, Refusal } from '../http/index.ts';
import { countryOf } from '../phones/index.ts';
import { isSenderName, senderForms, senderStanding } from '../senders/index.ts';
import { type Buyer, type Transact, takenErrors, tariffFor } from './create.ts';
import { refused } from './errors.ts';
import { createFilled } from './fill.ts';
import type { FillChunk } from './fill-rows.ts';
import { limits } from './limits.ts';
import { draftRow } from './open.ts';
import { type Body, present, readObject, readTariffCode, readTerms, type Terms } from './order.ts';
import { readNumber, wrongItems, wrongNumber, wrongReference } from './recipients.ts';
import { selectTaken } from './references.ts';
import { checkText, textProblem } from './sent-text.ts';

/** The messages of a request. Struct of arrays; where there are errors, incomplete. */
type Messages = {
  phones: number[];
  texts: string[];
  senders: string[];
  references: (string | undefined)[];
  tariffCodes: (number | undefined)[];
};

type IndividualOrder = { messages: Messages; tariffCode: number | undefined; terms: Terms };

/** Creates the campaign that a request body asks for and returns its id. Throws a Refusal and does nothing else. */
export async function createIndividual(
  db: Db,
  buyer: Buyer,
  body: unknown,
  now: Date,
  transact: Transact,
): Promise<number> {
  const { order, errors } = readIndividual(body, now);
  const { messages, terms } = order;
  const wrong = wrongItems('messages', errors);
  const [tariff, tariffIds] = await Promise.all([
    tariffFor(db, buyer, order.tariffCode, errors),
    tariffsOf(db, buyer, messages, wrong),
    refuseSenders(db, buyer.accountId, messages, wrong),
  ]);
  wrong.finish();
  if (tariff === undefined || Object.keys(errors).length > 0) throw invalid(errors);

  const [text = '', sender = ''] = [messages.texts[0], messages.senders[0]];
  const chunk: FillChunk = { ...messages, lines: messages.phones.map((_, i) => i), tariffIds };
  async function* once() {
    yield chunk;
  }
  const row = draftRow(buyer, { sender, text, tariff, terms }, now);
  const options = {
    rowLimit: messages.phones.length,
    keepRepeated: true,
    onRejected: (line: number, reason: string) => {
      throw invalid({ [`messages.${line}`]: [reason] });
    },
  };
  try {
    return (await createFilled(db, row, once(), options, transact)).id;
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'reference_taken') throw error;
    const taken = await selectTaken(db, buyer.accountId, messages.references);
    const { references } = messages;
    throw refused.referencesTaken(
      takenErrors(taken, { references, positions: references.map((_, i) => i) }, 'messages'),
    );
  }
}

/** Reads the body. Where `errors` has entries, the order is incomplete and must not be used. */
export function readIndividual(body: unknown, now: Date): { order: IndividualOrder; errors: FieldErrors } {
  const errors: FieldErrors = {};
  const fields = readObject(body, errors);
  const order = {
    messages: readMessages(fields.messages, errors),
    tariffCode: readTariffCode(fields, errors),
    terms: readTerms(fields, now, errors),
  };
  return { order, errors };
}

function readMessages(list: unknown, errors: FieldErrors): Messages {
  const found: Messages = { phones: [], texts: [], senders: [], references: [], tariffCodes: [] };
  const { max } = limits.phones;
  if (!Array.isArray(list)) {
    errors.messages = [present(list) ? 'This must be an array.' : 'This field is required.'];
    return found;
  }
  if (list.length === 0 || list.length > max) {
    errors.messages = [`There must be 1 to ${max} messages in a request, not ${list.length}.`];
    return found;
  }
  const wrong = wrongItems('messages', errors);
  const owners = new Map<string, number>();
  list.forEach((item: unknown, i) => {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) {
      wrong(
        `${i}`,
        'This must be an object such as {"phone": 34600000000, "sender": "Shop", "text": "Hello"}.',
      );
      // The places of the others stay what they are.
      found.phones.push(0);
      found.texts.push('');
      found.senders.push('');
      found.references.push(undefined);
      found.tariffCodes.push(undefined);
      return;
    }
    const fields = item as Body;
    const { phone, reference_id: reference } = fields;
    const number = readNumber(phone);
    if (number === undefined) wrong(`${i}.phone`, present(phone) ? wrongNumber : 'This field is required.');
    found.phones.push(number ?? 0);
    found.texts.push(readText(fields, (message) => wrong(`${i}.text`, message)));
    found.senders.push(readSender(fields.sender, (message) => wrong(`${i}.sender`, message)));
    if (present(fields.transliterate) && typeof fields.transliterate !== 'boolean') {
      wrong(`${i}.transliterate`, 'This must be true or false.');
    }
    const own: FieldErrors = {};
    found.tariffCodes.push(readTariffCode(fields, own));
    if (own.tariff_code !== undefined) wrong(`${i}.tariff_code`, own.tariff_code[0]!);
    found.references.push(readReference(reference, i));
  });
  wrong.finish();
  return found;

  function readReference(reference: unknown, i: number): string | undefined {
    if (!present(reference)) return undefined;
    if (typeof reference !== 'string' || !limits.reference.pattern.test(reference)) {
      wrong(`${i}.reference_id`, wrongReference);
      return undefined;
    }
    const owner = owners.get(reference);
    if (owner === undefined) owners.set(reference, i);
    else wrong(`${i}.reference_id`, `The reference_id must be unique: messages.${owner} has the same.`);
    return reference;
  }
}

function readText({ text, transliterate }: Body, wrong: (message: string) => void): string {
  const problem = textProblem(text);
  const checked =
    problem === undefined ? checkText(text as string, transliterate === true) : { wrong: problem };
  if ('text' in checked) return checked.text;
  wrong(checked.wrong);
  return '';
}

function readSender(sender: unknown, wrong: (message: string) => void): string {
  if (typeof sender === 'string' && isSenderName(sender)) return sender;
  wrong(present(sender) ? `The sender must be ${senderForms}.` : 'This field is required.');
  return '';
}

type Wrong = ReturnType<typeof wrongItems>;

/** The ids of the tariffs that messages name; null where a message has the campaign's. Each is asked for once. */
async function tariffsOf(
  db: Db,
  buyer: Buyer,
  { tariffCodes }: Messages,
  wrong: Wrong,
): Promise<(number | null)[] | null> {
  const ids = new Map<number, number>();
  for (const code of new Set(tariffCodes)) {
    if (code === undefined) continue;
    const own: FieldErrors = {};
    const tariff = await tariffFor(db, buyer, code, own);
    if (tariff !== undefined) ids.set(code, tariff.id);
    else wrong(`${tariffCodes.indexOf(code)}.tariff_code`, own.tariff_code![0]!);
  }
  return ids.size === 0 ? null : tariffCodes.map((code) => (code === undefined ? null : ids.get(code)!));
}

/** Names senders that the account may not use for the numbers of their messages, each at its first message. */
async function refuseSenders(
  db: Db,
  accountId: number,
  { senders, phones }: Messages,
  wrong: Wrong,
): Promise<void> {
  const countries = new Map<string, Set<string | undefined>>();
  senders.forEach((sender, i) => {
    if (sender === '') return;
    const known = countries.get(sender);
    if (known === undefined) countries.set(sender, new Set([countryOf(phones[i]!)]));
    else known.add(countryOf(phones[i]!));
  });
  for (const [sender, set] of countries) {
    const { refusal } = await senderStanding(db, accountId, sender, () => set);
    if (refusal !== undefined) wrong(`${senders.indexOf(sender)}.sender`, refusal);
  }
}
