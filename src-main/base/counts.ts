/** @file Counts with their nouns, as every sentence of the program writes them. Pure: the renderer takes it through the contract. */

const narrowSpace = '\u202f';
/** A unit that is a word in the plural; `ms`, `Hz` and `%` are none. */
const pluralWord = /^\p{Ll}{3,}s$/u;

/** `12 345`, with a narrow space between thousands. */
export function formatCount(count: number): string {
  return Math.round(count)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, narrowSpace);
}

/** A count and its noun: `1 track`, `12 tracks`. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** One of a unit that is given in the plural: `epochs` is `epoch`, `entries` is `entry`, and `ms` stays `ms`. */
export function singularOf(unit: string): string {
  return pluralWord.test(unit) ? unit.replace(/ies$/, 'y').replace(/s$/, '') : unit;
}

/** An amount with a unit that is given in the plural: `1 epoch`, `10 minutes`, `1 ms`. `amount` is a number as it is written. */
export function withUnit(amount: string, unit: string): string {
  return unit === '' ? amount : `${amount} ${amount === '1' ? singularOf(unit) : unit}`;
}
