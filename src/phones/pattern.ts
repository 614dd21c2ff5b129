// The patterns of libphonenumber's metadata as automata that are advanced digit by digit, so that the country of
// a number can be read off its first digits. Used by country.ts while it builds its table.

/**
 * What may still follow the digits read so far. Patterns of one reader that are put together alike are one object,
 * so that what was found out about one can be remembered by its `id`.
 */
export type Pattern = {
  readonly id: number;
  /** Whether the number may end here. */
  readonly mayEnd: boolean;
  /** What may follow `digit`; `reader.nothing` where nothing may. */
  after(digit: number): Pattern;
};

export type PatternReader = {
  /** Fits no number at all: where a pattern and the digits have parted. */
  readonly nothing: Pattern;
  /** Fits whatever follows. */
  readonly anything: Pattern;
  /**
   * Reads the regular expressions libphonenumber uses: digits, \d, classes, (?:…), |, ?, {n} and {n,m}. Whatever
   * follows the expression is what `then` fits, or nothing more. Throws on any other syntax.
   */
  read(source: string, then?: Pattern): Pattern;
  either(patterns: readonly Pattern[]): Pattern;
};

/** A phone number has at most 15 digits: a longer repetition would mean that the metadata is misread. */
const maxRepeats = 15;

/** Makes a reader with its own store of patterns. They are Brzozowski derivatives, computed when first asked for. */
export function patternReader(): PatternReader {
  const known = new Map<string, Pattern>();

  function intern(key: string, mayEnd: boolean, derive: (digit: number) => Pattern): Pattern {
    const found = known.get(key);
    if (found !== undefined) return found;
    const next: Pattern[] = [];
    const made: Pattern = {
      id: known.size,
      mayEnd,
      after: (digit) => {
        next[digit] ??= derive(digit);
        return next[digit];
      },
    };
    known.set(key, made);
    return made;
  }

  const nothing = intern('nothing', false, () => nothing);
  const end = intern('end', true, () => nothing);
  const anything: Pattern = intern('anything', true, () => anything);

  function oneOf(digits: string, then: Pattern): Pattern {
    const key = `${digits}:${then.id}`;
    return intern(key, false, (digit) => (digits.includes(String(digit)) ? then : nothing));
  }

  function either(patterns: readonly Pattern[]): Pattern {
    const distinct = [...new Set(patterns)].filter((p) => p !== nothing).sort((a, b) => a.id - b.id);
    if (distinct.length === 0) return nothing;
    if (distinct.length === 1) return distinct[0]!;
    const key = distinct.map((p) => p.id).join('|');
    const mayEnd = distinct.some((p) => p.mayEnd);
    return intern(key, mayEnd, (digit) => either(distinct.map((p) => p.after(digit))));
  }

  function read(source: string, then: Pattern = end): Pattern {
    const { alternatives, at } = parse(source, 0);
    if (at !== source.length) throw new SyntaxError(`unreadable numbering pattern: ${source}`);
    return build(alternatives, then);
  }

  // From the last item to the first, each knowing what follows it.
  function build(alternatives: readonly Item[][], then: Pattern): Pattern {
    return either(
      alternatives.map((items) =>
        items.reduceRight<Pattern>((rest, { of, min, max }) => {
          let tail = rest;
          for (let i = max; i > 0; i -= 1) {
            const once = typeof of === 'string' ? oneOf(of, tail) : build(of, tail);
            tail = i > min ? either([once, rest]) : once;
          }
          return tail;
        }, then),
      ),
    );
  }

  return { nothing, anything, read, either };
}

/** Digits to choose from, or alternatives in a group, from `min` to `max` times. */
type Item = { of: string | Item[][]; min: number; max: number };

function parse(source: string, from: number): { alternatives: Item[][]; at: number } {
  const alternatives: Item[][] = [[]];
  let at = from;
  while (at < source.length && source[at] !== ')') {
    if (source[at] === '|') {
      alternatives.push([]);
      at += 1;
      continue;
    }
    let of: Item['of'];
    if (source.startsWith('(?:', at)) {
      const group = parse(source, at + 3);
      if (source[group.at] !== ')') throw new SyntaxError(`unclosed group in numbering pattern: ${source}`);
      of = group.alternatives;
      at = group.at + 1;
    } else {
      const atom = match(/\\d|[0-9]|\[[0-9-]+\]/y, source, at);
      if (atom === undefined) throw new SyntaxError(`unreadable numbering pattern at ${at}: ${source}`);
      of = digitsOf(atom[0]);
      at += atom[0].length;
    }
    const repeat = match(/\?|\{(\d+)(?:,(\d+))?\}/y, source, at);
    at += repeat?.[0].length ?? 0;
    const [min, max] = repeat === undefined ? [1, 1] : repeat[0] === '?' ? [0, 1] : bounds(repeat);
    if (max > maxRepeats) throw new SyntaxError(`numbering pattern repeats ${max} times: ${source}`);
    alternatives.at(-1)!.push({ of, min, max });
  }
  return { alternatives, at };
}

function match(pattern: RegExp, source: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(source) ?? undefined;
}

function bounds([, min, max = min]: RegExpExecArray): [number, number] {
  return [Number(min), Number(max)];
}

function digitsOf(atom: string): string {
  const digitClass = new RegExp(atom);
  return [...'0123456789'].filter((digit) => digitClass.test(digit)).join('');
}
