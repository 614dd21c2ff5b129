// What a send to groups needs of the contact book before anything is made: that the groups and the fields of the text are
// there, how many contacts it reaches, and that each has the values it needs. Called by groups.ts.

import { countRecipients, groupsOf, selectFields, selectGroups } from '../contacts/index.ts';
import type { Db } from '../db/index.ts';
import type { FieldErrors } from '../http/index.ts';
import { foldName } from '../text/index.ts';
import { present } from './order.ts';
import type { PersonalText } from './personal-text.ts';
import { wrongItems } from './recipients.ts';

/** The most groups of a campaign: the One-API's own. */
export const groupLimit = 1000;

/** The name that stands for the number itself. */
const phoneName = 'phone';

/** Where the value of a placeholder comes from: the contact's number, or one of its fields. */
export type Source = 'phone' | number;

/** How many a campaign to groups reaches. */
export type Reach = {
  /** Contacts that get a message. */
  recipients: number;
  /** How often one of these groups holds a contact that another one holds too. */
  duplicates: number;
  /** Contacts that are left out, as their number is on the stop list. */
  stop_listed: number;
};

/** The ids in a list of groups, as they come; none, with errors by their places in it, where it is wrong. */
export function readGroupIds(list: unknown, path: string, errors: FieldErrors): number[] {
  if (!Array.isArray(list)) {
    errors[path] = [present(list) ? 'This must be an array of ids of groups.' : 'This field is required.'];
    return [];
  }
  if (list.length === 0 || list.length > groupLimit) {
    errors[path] = [`There must be 1 to ${groupLimit} groups in a request, not ${list.length}.`];
    return [];
  }
  const ids: number[] = list.filter(Number.isSafeInteger);
  if (ids.length === list.length) return ids;
  const wrong = wrongItems(path, errors);
  list.forEach((id: unknown, i) => {
    if (!Number.isSafeInteger(id))
      wrong(`${i}`, 'This must be the id of a group: GET /api/groups lists them.');
  });
  wrong.finish();
  return [];
}

/** Names groups that the account has not, by their places in `ids`. */
export async function refuseUnknownGroups(
  db: Db,
  accountId: number,
  ids: readonly number[],
  path: string,
  errors: FieldErrors,
): Promise<void> {
  const known = await groupsOf(db.pool, accountId, ids);
  const wrong = wrongItems(path, errors);
  ids.forEach((id, i) => {
    if (!known.has(id)) wrong(`${i}`, `There is no group ${id}: GET /api/groups lists them.`);
  });
  wrong.finish();
}

/** Where the values of a text's placeholders come from, in the order of its names; undefined with an error in `text`. */
export async function sourcesOf(
  db: Db,
  accountId: number,
  { names, written }: PersonalText,
  errors: FieldErrors,
): Promise<Source[] | undefined> {
  if (names.length === 0) return [];
  const fields = await selectFields(db.pool, accountId);
  const byName = new Map(fields.map((field) => [foldName(field.name), field.id] as const));
  const sources = names.map((name): Source | undefined => (name === phoneName ? 'phone' : byName.get(name)));
  const unknown = written.filter((_, i) => sources[i] === undefined);
  if (unknown.length === 0) return sources as Source[];
  errors.text = unknown.map(
    (name) =>
      `There is no contact field "${name}": GET /api/contacts/fields lists them; {phone} is the number itself.`,
  );
  return undefined;
}

/** The fields that sources name, each once, in their order: what streamRecipients is asked for. */
export function fieldsOf(sources: readonly Source[]): number[] {
  return [...new Set(sources.filter((source) => source !== 'phone'))];
}

/** Counts whom groups reach, with an error in `text` for each value that contacts lack and the text needs. */
export async function reachOf(
  db: Db,
  accountId: number,
  groupIds: readonly number[],
  { text, sources }: { text: PersonalText; sources: readonly Source[] },
  checkStopList: boolean,
  errors: FieldErrors,
): Promise<Reach> {
  const ids = [...new Set(groupIds)];
  const needed = sources.filter((source, i): source is number => source !== 'phone' && !text.optional[i]);
  const [groups, { contacts, stopped, missing }] = await Promise.all([
    selectGroups(db.pool, accountId, ids),
    countRecipients(db.pool, accountId, ids, needed),
  ]);
  const lacking = sources.flatMap((source, i) => {
    const n = source === 'phone' ? 0 : (missing[source] ?? 0);
    const name = text.written[i]!;
    return n === 0 ? [] : [lacks(name, n)];
  });
  if (lacking.length > 0) errors.text = lacking;
  const left = checkStopList ? stopped : 0;
  return {
    recipients: contacts - left,
    duplicates: groups.reduce((sum, group) => sum + group.items, 0) - contacts,
    stop_listed: left,
  };
}

/** That so many contacts lack a value; without a number, that one does to whom it is about to be sent. */
export function lacks(name: string, contacts?: number): string {
  return contacts === undefined
    ? `One of the recipients has no value in the field "${name}": write a default, such as {${name}|friend}, or fill it in.`
    : `${contacts} of the contacts have no value in the field "${name}": write a default, such as {${name}|friend}, or fill it in.`;
}
