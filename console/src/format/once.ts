// What is made once for each of its arguments. The browser's formatters take longer to make than a table to draw.

/** A function that makes a thing for its arguments the first time, and gives the same thing from then on. */
export function once<Words extends string[], Made>(
  make: (...words: Words) => Made,
): (...words: Words) => Made {
  const made = new Map<string, Made>();
  return (...words) => {
    const key = words.join('\n');
    let thing = made.get(key);
    if (thing === undefined) {
      thing = make(...words);
      made.set(key, thing);
    }
    return thing;
  };
}
