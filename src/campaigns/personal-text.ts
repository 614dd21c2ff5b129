// The text of a campaign whose messages differ by their placeholders, as a request gives it. Pure; called by open.ts and
// send-groups, and by whoever renders the texts of a campaign that is filled.

import { compile, PlaceholderError, type Template, transliterate } from '../text/index.ts';
import { limits } from './limits.ts';
import { checkText, textProblem } from './sent-text.ts';

/** A text that is rendered for each message. */
export type PersonalText = Pick<Template, 'names' | 'written' | 'optional'> & {
  /** campaign.text: the template, or, where it has no placeholders, the text as every message has it. */
  stored: string;
  /**
   * A message's text by the values of the names, in their order: null where it is the stored one, undefined where a value
   * is missing that has no default. Its length is not checked: fillCampaign does that.
   */
  render(values: readonly (string | null | undefined)[]): string | null | undefined;
};

/** Reads the field `text`, or says what is wrong with it. */
export function readPersonalText(text: unknown, gsmOnly: boolean): PersonalText | { wrong: string } {
  const wrong = textProblem(text);
  if (wrong !== undefined) return { wrong };
  let template: Template;
  try {
    template = compile(text as string);
  } catch (error) {
    if (error instanceof PlaceholderError) return { wrong: error.message };
    throw error;
  }
  const { names, written, optional } = template;
  if (names.length === 0) {
    const checked = checkText(template.render([])!, gsmOnly);
    if ('wrong' in checked) return checked;
    return { names, written, optional, stored: checked.text, render: () => null };
  }
  const { length } = text as string;
  if (length > limits.text.gsm) {
    return { wrong: `The text has ${length} characters, and at most ${limits.text.gsm} are possible.` };
  }
  return {
    names,
    written,
    optional,
    stored: text as string,
    render(values) {
      const rendered = template.render(values);
      return rendered === undefined || !gsmOnly ? rendered : transliterate(rendered);
    },
  };
}
