import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src-main/base/index.ts';
import type { EncoderId } from '../../../src-main/contract/index.ts';
import type { Store } from '../../../src-main/store/index.ts';
import { smallEncoder, temporaryStore, trackFile } from '../../support/store-data.ts';

type Sort = { feature: number; descending: boolean }[];

const random = seededRandom(7);
const least = 2 ** -149;
/** What one feature each is made of. */
const makers: [name: string, make: (row: number) => number][] = [
  ['normal values', () => random.normal()],
  ['half zeros', () => Math.max(0, random.normal())],
  ['few values', () => random.below(3) - 1],
  ['both zeros', () => (random.uniform() < 0.5 ? -0 : 0)],
  ['values that half precision cannot tell apart', () => Math.fround(0.607) + random.below(200) * 2 ** -24],
  ['infinite and tiny values', () => [Infinity, -Infinity, 3.4e38, least, -least, 3 * least][random.below(6)] ?? 0],
  ['a few that are no numbers', () => (random.uniform() < 0.003 ? NaN : random.normal())],
  ['many that are no numbers', () => (random.uniform() < 0.4 ? NaN : random.below(5))],
  ['rising values', (row) => row / 7],
  ['falling values', (row) => -row],
];
const dimensions = makers.length;
const fewValues = 2;
const segmentsPerTrack = 50;
const total = 4000;

function filled(): { store: Store; encoderId: EncoderId; rows: Float32Array[] } {
  const store = temporaryStore();
  for (let i = 0; i < total / segmentsPerTrack; i++) store.tracks.upsert(trackFile(store, `track ${String(i).padStart(4, '0')}`));
  const encoderId = store.encoders.add(smallEncoder(dimensions)).id;
  const index = store.index.ensure(encoderId, 100);
  const writer = store.index.writer(index.id);
  const rows: Float32Array[] = [];
  for (const { trackId, audioHash } of store.index.waiting(index.id)) {
    writer.begin(trackId, audioHash);
    for (let segment = 0; segment < segmentsPerTrack; segment++) {
      const row = Float32Array.from(makers, ([, make]) => make(rows.length));
      rows.push(row);
      writer.append(row);
    }
    writer.finish();
  }
  writer.close();
  return { store, encoderId, rows };
}

/** The order by plain comparison; what is no number is less than everything, ties come by row. */
function plainOrder(rows: readonly Float32Array[], sort: Sort): number[] {
  const compare = (x: number, y: number): number => Number(Number.isNaN(y)) - Number(Number.isNaN(x)) || Number(x > y) - Number(x < y);
  return Array.from(rows.keys()).sort((a, b) => {
    for (const { feature, descending } of sort) {
      const difference = compare(rows[a]?.[feature] ?? 0, rows[b]?.[feature] ?? 0);
      if (difference !== 0) return descending ? -difference : difference;
    }
    return a - b;
  });
}

/** Rows of all pages of an order, one behind the other. */
function pages(store: Store, encoderId: EncoderId, sort: Sort): number[] {
  const found: number[] = [];
  for (let offset = 0; offset < total; offset += 100)
    for (const { row } of store.index.query(encoderId, { features: [], sort, search: '', offset, limit: 100 }).rows) found.push(row);
  return found;
}

describe('pages one behind the other', () => {
  it('are a plain sort of the segments, whatever the values, by one key or two, and every row is found at its place', () => {
    const { store, encoderId, rows } = filled();
    for (const [feature, [name]] of makers.entries()) {
      for (const descending of [true, false]) {
        for (const second of [[], [{ feature: fewValues, descending: !descending }]]) {
          const sort = [{ feature, descending }, ...second];
          const expected = plainOrder(rows, sort);
          expect(pages(store, encoderId, sort), `${name}, ${JSON.stringify(sort)}`).toEqual(expected);
          for (const place of [0, 1, 1500, total - 1])
            expect(store.index.offsetOf(encoderId, expected[place] ?? 0, { sort, search: '' })).toBe(place);
        }
      }
    }
  });
});
