/** @file How alike the top segments of two sides are, by statistics of their sound. */
import { seededRandom } from '../../base/index.ts';
import { topLikeness } from '../../inspect/index.ts';
import type { GroupedRows, LikenessSide } from '../../inspect/index.ts';
import type { GroupedMeans, LikenessOrder, SeenLikeness } from '../../service/index.ts';
import { readMeans, rowsAt, wholePlaces } from './row-means.ts';
import type { Told } from './told.ts';

/** What is drawn, so that the same library gets the same interval. */
const seed = 1;

/** Tells each of its three steps. */
export function likeness({ sides, dimensions }: LikenessOrder, told: Told): SeenLikeness {
  const [first, second] = sides.map(({ top, music }, at): LikenessSide => {
    const side = { top: grouped(top), music: grouped(music) };
    told(at + 1);
    return side;
  });
  const nothing = { values: new Float32Array(0), groups: new Int32Array(0) };
  const none = { top: nothing, music: nothing };
  return topLikeness(first ?? none, second ?? none, dimensions, seededRandom(seed));
}

function grouped(means: GroupedMeans): GroupedRows {
  const values = readMeans(means);
  const places = wholePlaces([values], [means.dimensions]);
  return { values: rowsAt(values, means.dimensions, places), groups: Int32Array.from(places, (place) => means.groups[place] as number) };
}
