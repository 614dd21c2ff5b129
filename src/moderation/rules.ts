// What a rule is: its kinds, which values they take, and whether a campaign meets it. Pure; called by reasons.ts for
// every campaign, and by rule-store.ts before a rule is stored.

import { findPatterns, patternProblem } from './patterns.ts';
import { readWord, type SeenText, seeText, type Word } from './words.ts';

/**
 * `word`: a word or phrase in the text or the sender. `pattern`: a regular expression that matches somewhere in the
 * text. `link`: a link
 * to a domain that is not known. `recipients`: more recipients than the value. `sender`: one that is not registered.
 */
export const ruleKinds = ['word', 'pattern', 'link', 'recipients', 'sender'] as const;

export type RuleKind = (typeof ruleKinds)[number];

export type Rule = { id: number; kind: RuleKind; value: string };

/** A phrase; longer ones are patterns. */
const maxWordLength = 100;

/** Far more than a campaign can have. */
const maxRecipients = 1_000_000_000;

/** A rule's value as it is stored, or in words what is wrong with it. */
export function readRuleValue(kind: RuleKind, given: string): { value: string } | { problem: string } {
  const value = given.trim();
  switch (kind) {
    case 'word':
      if (value.length > maxWordLength) return { problem: `must have at most ${maxWordLength} characters` };
      return readWord(value) === undefined
        ? { problem: 'must be a word or a phrase with at least one letter or digit' }
        : { value };
    case 'pattern': {
      const problem = patternProblem(given);
      return problem === undefined ? { value: given } : { problem };
    }
    case 'recipients':
      return /^\d{1,10}$/.test(value) && Number(value) <= maxRecipients
        ? { value: String(Number(value)) }
        : { problem: `must be how many recipients need no moderation: 0 to ${maxRecipients}` };
    default:
      return value === '' ? { value } : { problem: `must be empty: the kind ${kind} has none` };
  }
}

/** Prepared words, which cost more to prepare than to look for. Beyond this the cache starts anew. */
const wordCacheSize = 20_000;
const words = new Map<string, Word | undefined>();

function preparedWord(value: string): Word | undefined {
  if (!words.has(value)) {
    if (words.size >= wordCacheSize) words.clear();
    words.set(value, readWord(value));
  }
  return words.get(value);
}

/** What rules look at. `unknownHosts` is what the text links to without being known. */
export type Candidate = {
  text: string;
  recipients: number;
  sender: string;
  senderRegistered: boolean;
  unknownHosts: readonly string[];
};

/** Why these rules hold a campaign, in words for the moderator; none where it meets no rule. */
export function metRules(rules: readonly Rule[], candidate: Candidate): string[] {
  return hits(rules, candidate).map(({ reason }) => reason);
}

/** The rules that a campaign meets, each with its reason. */
export function hits(rules: readonly Rule[], candidate: Candidate): { rule: Rule; reason: string }[] {
  const { recipients, sender, senderRegistered, unknownHosts } = candidate;
  let seen: SeenText | undefined;
  const text = () => {
    seen ??= seeText(`${sender}\n${candidate.text}`);
    return seen;
  };
  const met: { rule: Rule; reason: string }[] = [];
  for (const rule of rules) {
    const { kind, value } = rule;
    const meet = (words: string) => met.push({ rule, reason: `rule ${rule.id}: ${words}` });
    if (kind === 'word' && preparedWord(value)?.finds(text())) {
      meet(`the word "${value}"`);
    } else if (kind === 'link' && unknownHosts.length > 0) {
      meet(`a link to the unknown domain ${unknownHosts.join(', ')}`);
    } else if (kind === 'recipients' && recipients > Number(value)) {
      meet(`${recipients} recipients, more than ${value}`);
    } else if (kind === 'sender' && !senderRegistered) {
      meet(`the sender ${sender} is not registered`);
    }
  }
  const patterns = rules.filter((rule) => rule.kind === 'pattern');
  if (patterns.length === 0) return met;
  const found = findPatterns(
    patterns.map((rule) => rule.value),
    candidate.text,
  );
  for (const { index, tooSlow } of found) {
    const rule = patterns[index]!;
    const reason = `rule ${rule.id}: the pattern "${rule.value}"${tooSlow ? ' takes too long: change it' : ''}`;
    met.push({ rule, reason });
  }
  return met;
}
