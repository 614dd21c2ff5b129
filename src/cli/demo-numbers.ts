// The numbers that the demo sends to: several countries, and every unusual end that the simulator knows.

/** Country code and the digits before a number's own: Spain, Germany, the United Kingdom. */
const beginnings = ['346', '49151', '4477'];
/** One number in so many has an unusual end. */
const unusualEvery = 20;
/** Endings 001 to 011 mean something to the simulator; from here on none does. */
const unusualEnds = 11;
const firstUsualEnd = 100;
const usualEnds = 900;
const silentEnd = 4;

/** `count` different numbers. */
export function demoNumbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => {
    const unusual = index % unusualEvery === unusualEvery - 1;
    const end = unusual
      ? (Math.floor(index / unusualEvery) % unusualEnds) + 1
      : firstUsualEnd + (index % usualEnds);
    const beginning = beginnings[index % beginnings.length]!;
    return Number(`${beginning}${String(index).padStart(5, '0')}${String(end).padStart(3, '0')}`);
  });
}

/** How many of these numbers never get a delivery receipt. */
export function silentCount(numbers: readonly number[]): number {
  return numbers.filter((number) => number % 1000 === silentEnd).length;
}
