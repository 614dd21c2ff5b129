// A campaign while it is written, and what the server is told of it. Pure; used by the parts of NewCampaignPage.
import type { Query } from '../api/client.ts';
import { fromLocal, toMoment } from '../format/moment.ts';
import type { PastedNumbers } from './numbers.ts';

export type RecipientKind = 'numbers' | 'file' | 'lists';

export type Draft = {
  recipients: RecipientKind;
  /** As they were pasted. */
  numbers: string;
  file: File | null;
  /** The column of the phone number and of each placeholder, from 1; empty: as the server finds them. */
  phoneColumn: number | null;
  lists: string[];
  sender: string;
  text: string;
  transliterate: boolean;
  tariff: string | null;
  when: 'now' | 'later';
  /** YYYY-MM-DDThh:mm of the user's zone. */
  at: string;
  respectCurfew: boolean;
};

export const emptyDraft: Draft = {
  recipients: 'numbers',
  numbers: '',
  file: null,
  phoneColumn: null,
  lists: [],
  sender: '',
  text: '',
  transliterate: false,
  tariff: null,
  when: 'now',
  at: '',
  respectCurfew: false,
};

/** When it starts, as the server reads it; undefined is now. */
export function startOf({ when, at }: Draft, zone: string): string | undefined {
  if (when === 'now' || at === '') return undefined;
  return toMoment(fromLocal(`${at.replace('T', ' ')}:00`, zone));
}

function shared(draft: Draft, zone: string) {
  const startAt = startOf(draft, zone);
  return {
    sender: draft.sender.trim(),
    text: draft.text,
    ...(draft.tariff === null ? {} : { tariff_code: Number(draft.tariff) }),
    ...(startAt === undefined ? {} : { start_at: startAt }),
    ...(draft.transliterate ? { transliterate: true } : {}),
    ...(draft.respectCurfew ? { respect_curfew: true } : {}),
  };
}

/** The path and body that send it. */
export function sending(draft: Draft, pasted: PastedNumbers, zone: string): { path: string; body: unknown } {
  const common = shared(draft, zone);
  if (draft.recipients === 'lists') {
    const groups = draft.lists.map(Number);
    return { path: '/api/campaigns/sms/send-groups', body: { groups, ...common } };
  }
  if (draft.recipients === 'numbers') {
    const phones = pasted.numbers.map((number) => ({ number }));
    return { path: '/api/campaigns/sms/send', body: { phones, ...common } };
  }
  const form = new FormData();
  for (const [name, value] of Object.entries(common as Query)) form.set(name, String(value));
  // What it costs and whom it reaches is known when it has been read: then its author decides.
  form.set('start', 'false');
  fileFields(form, draft);
  return { path: '/api/campaigns/sms/import', body: form };
}

/** Adds a file, which has to come last, and how its columns are read. */
export function fileFields(form: FormData, { file, phoneColumn }: Pick<Draft, 'file' | 'phoneColumn'>): void {
  if (phoneColumn !== null) form.set('mapping', JSON.stringify({ phone: phoneColumn }));
  form.set('file', file!);
}

/** The body that sends the text to one number only, at once. */
export function testing(draft: Draft, number: number, text: string) {
  const {
    start_at: _,
    respect_curfew: __,
    ...common
  } = { start_at: '', respect_curfew: false, ...shared({ ...draft, when: 'now' }, 'UTC') };
  return { phones: [{ number }], ...common, text };
}

/** The body that asks for its price; `text` is what would really be sent. */
export function pricing(draft: Draft, pasted: PastedNumbers, text: string) {
  return {
    sender: draft.sender.trim(),
    text,
    ...(draft.tariff === null ? {} : { tariff_code: Number(draft.tariff) }),
    ...(draft.recipients === 'lists'
      ? { groups: draft.lists.map(Number) }
      : { messages: pasted.numbers.map((phone) => ({ phone })) }),
  };
}

/** The text as somebody reads it whose values these are; placeholders without a value stay as they are written. */
export function fillIn(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(
    /\{\{|\}\}|\{([^{}|]+)(?:\|([^{}]*))?\}/g,
    (whole, name?: string, otherwise?: string) => {
      if (name === undefined) return whole[0]!;
      const value = values.get(name.trim().toLowerCase());
      return value?.trim() ? value : (otherwise ?? whole);
    },
  );
}
