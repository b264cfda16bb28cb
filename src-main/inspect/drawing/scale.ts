/** @file Axes of figures of values: from where to where they go, linear or by powers of ten. */
import { px, wordsAt } from './marks.ts';
import type { FigureMark, Frame } from './marks.ts';
import type { Reach } from './series.ts';
import { linearTicks, tickText } from './ticks.ts';

/** From where to where an axis goes. */
export type Range = { least: number; most: number };

/** The range of values with their intervals, with a little air. @param from is within it; null: nothing has to be */
export function rangeOf(values: readonly Reach[], from: number | null): Range {
  let [least, most] = from === null ? [Infinity, -Infinity] : [from, from];
  for (const { value, low, high } of values) {
    least = Math.min(least, value, low ?? value);
    most = Math.max(most, value, high ?? value);
  }
  if (!(least <= most)) return { least: 0, most: 1 };
  const air = most > least ? (most - least) * 0.05 : Math.abs(most) * 0.1 || 1;
  return { least: least === from ? least : least - air, most: most === from ? most : most + air };
}

/** Where a value stands between the ends of a range, 0 to 1. */
export function shareOf({ least, most }: Range, value: number): number {
  return (value - least) / (most - least);
}

/** Lines across a plot at round numbers of its upright axis, with the numbers. */
export function uprightGrid({ left, right, top, bottom }: Frame, range: Range): FigureMark[] {
  return linearTicks(range.least, range.most, (bottom - top) / 44).flatMap((tick): FigureMark[] => {
    const y = bottom - shareOf(range, tick) * (bottom - top);
    return [
      { kind: 'line', path: `M${px(left)} ${px(y)}H${px(right)}`, colour: 'line', width: 1 },
      wordsAt(left - 6, y + 4, tickText(tick), 'end'),
    ];
  });
}

/** Lines up a plot at round numbers of its level axis, with the numbers below. */
export function levelGrid({ left, right, top, bottom }: Frame, range: Range): FigureMark[] {
  return linearTicks(range.least, range.most, (right - left) / 90).flatMap((tick): FigureMark[] => {
    const x = left + shareOf(range, tick) * (right - left);
    return [
      { kind: 'line', path: `M${px(x)} ${px(top)}V${px(bottom)}`, colour: 'line', width: 1 },
      wordsAt(x, bottom + 16, tickText(tick), 'middle'),
    ];
  });
}

/** A place on an axis and its number. */
export type Tick = { share: number; text: string };

/** An axis of numbers above zero, linear or by powers of ten: where a number stands, 0 to 1, and its round numbers. */
export type Axis = { shareOf: (value: number) => number; ticks: Tick[] };

/** @param values that are on it; of powers of ten all above zero @param wanted about so many round numbers */
export function axisOf(values: readonly number[], { isLog, wanted }: { isLog: boolean; wanted: number }): Axis {
  const turned = values.map((value) => (isLog ? Math.log10(value) : value));
  const [least, most] = [Math.min(...turned), Math.max(...turned)];
  const air = most > least ? (most - least) * 0.06 : isLog ? 0.5 : Math.abs(most) * 0.1 || 1;
  const range = { least: least - air, most: most + air };
  const place = (value: number): number => shareOf(range, isLog ? Math.log10(value) : value);
  const numbers = isLog ? logTicks(range) : linearTicks(range.least, range.most, wanted);
  return { shareOf: place, ticks: numbers.map((value) => ({ share: place(value), text: shortText(value) })) };
}

/** Powers of ten; where there are few of them twice and five times as much as well. */
function logTicks({ least, most }: Range): number[] {
  const factors = most - least > 3 ? [1] : [1, 2, 5];
  const all: number[] = [];
  for (let power = Math.floor(least); power <= Math.ceil(most); power++)
    for (const factor of factors) {
      const value = factor * 10 ** power;
      if (Math.log10(value) >= least && Math.log10(value) <= most) all.push(Number(value.toPrecision(12)));
    }
  return all;
}

/** `2 500 000` as `2.5 M`. */
function shortText(value: number): string {
  const [divisor, unit] = value >= 1e6 ? [1e6, ' M'] : value >= 1e4 ? [1e3, ' k'] : [1, ''];
  return `${tickText(Number((value / divisor).toPrecision(6)))}${unit}`;
}
