// Texts that say something else to everybody: `Hello {name}`, or `Hello {name|friend}` for those without a name.
// Compiled once for a campaign, rendered for each of its messages. Called by campaigns, before a text is measured.
//
//   {name}          the value of the field, whatever its letters' case; spaces around the name do not matter
//   {name|friend}   the same, and what stands behind the bar, as it is, where there is no value
//   {{ and }}       the braces themselves
//
// A value of nothing but white space counts as none. A brace that belongs to nothing is an error and not a character: in
// front of a million readers it would be a mistake.

/** A compiled text. */
export type Template = {
  /** What its placeholders name, folded (see foldName), each once, in the order of their first mention. */
  readonly names: readonly string[];
  /** The same as they were first written, for what people read. */
  readonly written: readonly string[];
  /** For each name whether a value may be missing: every mention has a default. */
  readonly optional: readonly boolean[];
  /**
   * The text with these values, element i of them that of name i; undefined where one is missing that has no default.
   */
  render(values: readonly (string | null | undefined)[]): string | undefined;
};

/** A text that cannot be compiled; the message says what is wrong with it, and where. */
export class PlaceholderError extends Error {
  override readonly name = 'PlaceholderError';
}

/** The longest name: twice what a field of a contact may have. */
const maxNameLength = 60;
/** Far more than a text of a few segments has use for. */
const maxPlaceholders = 100;

/** The form in which two spellings of one name are equal: `Name`, ` name ` and `NAME`. */
export function foldName(name: string): string {
  return name.trim().normalize('NFC').toLowerCase();
}

/** Compiles a text. Throws PlaceholderError where a brace is not closed, a placeholder has no name, and the like. */
export function compile(text: string): Template {
  const names: string[] = [];
  const written: string[] = [];
  const optional: boolean[] = [];
  // Pieces stand around placeholders: pieces[0], placeholder 0, pieces[1], placeholder 1, …
  const pieces: string[] = [];
  const indexes: number[] = [];
  const defaults: (string | undefined)[] = [];
  let piece = '';
  for (let i = 0; i < text.length; ) {
    const character = text[i]!;
    if (character !== '{' && character !== '}') {
      const next = text.slice(i).search(/[{}]/);
      const end = next === -1 ? text.length : i + next;
      piece += text.slice(i, end);
      i = end;
    } else if (text[i + 1] === character) {
      piece += character;
      i += 2;
    } else if (character === '}') {
      throw new PlaceholderError(
        `There is a } without its { at character ${i + 1}: write }} for the character itself.`,
      );
    } else {
      const { name, fallback, end } = readPlaceholder(text, i);
      const folded = foldName(name);
      let index = names.indexOf(folded);
      if (index === -1) {
        index = names.push(folded) - 1;
        written.push(name.trim());
        optional.push(true);
      }
      if (fallback === undefined) optional[index] = false;
      if (indexes.push(index) > maxPlaceholders) {
        throw new PlaceholderError(`There are more than ${maxPlaceholders} placeholders in the text.`);
      }
      defaults.push(fallback);
      pieces.push(piece);
      piece = '';
      i = end;
    }
  }
  pieces.push(piece);

  function render(values: readonly (string | null | undefined)[]): string | undefined {
    let result = pieces[0]!;
    for (let i = 0; i < indexes.length; i += 1) {
      const given = values[indexes[i]!];
      const value = given === null || given === undefined || isBlank(given) ? defaults[i] : given;
      if (value === undefined) return undefined;
      result += value + pieces[i + 1]!;
    }
    return result;
  }
  return { names, written, optional, render };
}

/** Whether the value is as good as none. */
function isBlank(value: string): boolean {
  return value.length === 0 || value.trim() === '';
}

/** Reads the placeholder that begins at `from`. */
function readPlaceholder(text: string, from: number): { name: string; fallback?: string; end: number } {
  const close = text.indexOf('}', from + 1);
  const at = from + 1;
  if (close === -1) {
    throw new PlaceholderError(
      `The { at character ${at} is not closed: a placeholder is written {name}; write {{ for the character itself.`,
    );
  }
  const inside = text.slice(from + 1, close);
  if (inside.includes('{')) {
    throw new PlaceholderError(
      `The { at character ${at} is followed by another one before its }: a placeholder holds no braces.`,
    );
  }
  const bar = inside.indexOf('|');
  const name = bar === -1 ? inside : inside.slice(0, bar);
  if (name.trim() === '') {
    throw new PlaceholderError(
      `The placeholder at character ${at} has no name: write {name} or {name|default}.`,
    );
  }
  if (name.trim().length > maxNameLength) {
    throw new PlaceholderError(
      `The placeholder at character ${at} has a name of more than ${maxNameLength} characters.`,
    );
  }
  return { name, ...(bar === -1 ? {} : { fallback: inside.slice(bar + 1) }), end: close + 1 };
}
