/** @file Two or more spaces beside each other, over the same segments or tracks. */
import { alignment, matchNeurons, nearestRows, rowProducts } from '../../inspect/index.ts';
import type { RowProducts } from '../../inspect/index.ts';
import type { LayersOrder, MatchOrder, NearestOrder, SeenLayers, SeenMatch, SeenNearest, SpaceMeans } from '../../service/index.ts';
import { readMeans, rowsAt, scaled, wholePlaces } from './row-means.ts';
import type { Told } from './told.ts';

type Beside = { values: Float32Array[]; places: Int32Array };

/** Rows of all spaces at the places that are whole in each. */
function besideEachOther(spaces: readonly SpaceMeans[]): Beside {
  const all = spaces.map(readMeans);
  const widths = spaces.map(({ dimensions }) => dimensions);
  const places = wholePlaces(all, widths);
  const values = spaces.map((space, at) => scaled(rowsAt(all[at] as Float32Array, space.dimensions, places), space));
  return { values, places };
}

/** Neurons of two spaces, matched; tells hundredths. */
export function match({ spaces }: MatchOrder, told: Told): SeenMatch {
  const { values, places } = besideEachOther(spaces);
  const [first, second] = spaces.map(({ dimensions: width }, at) => ({ values: values[at] as Float32Array, width }));
  const nothing = { values: new Float32Array(0), width: 1 };
  return { ...matchNeurons(first ?? nothing, second ?? nothing, hundredths(told)), taken: places.length };
}

/** How alike spaces are; tells hundredths. */
export function layers({ spaces, rows }: LayersOrder, told: Told): SeenLayers {
  const { values, places } = besideEachOther(spaces);
  const tell = hundredths(told);
  const products = spaces.map(({ dimensions }, at): RowProducts => {
    const all = values[at] as Float32Array;
    return rowProducts(all, dimensions, (row) => tell((at + row / places.length) / spaces.length));
  });
  const columns = products.slice(rows);
  return { values: products.slice(0, rows).map((row) => columns.map((column) => alignment(row, column))), taken: places.length };
}

/** The nearest of queries in two spaces; tells hundredths. */
export function nearest({ spaces, ...order }: NearestOrder, told: Told): SeenNearest {
  const { values, places } = besideEachOther(spaces);
  const placeOf = new Map(Array.from(places, (place, at) => [place, at]));
  const queries = order.queries.filter((place) => placeOf.has(place));
  const k = Math.max(0, Math.min(order.k, places.length - 1));
  const tell = hundredths(told);
  const found = spaces.map(({ dimensions }, at) =>
    nearestRows(values[at] as Float32Array, dimensions, {
      queries: queries.map((place) => placeOf.get(place) as number),
      k,
      onQuery: (done) => tell((at + done / queries.length) / spaces.length),
    }),
  );
  const back = found.map(({ places: own, cosines }) => ({ places: own.map((at) => places[at] as number), cosines }));
  return { queries, lists: back as SeenNearest['lists'], k, among: places.length };
}

/** Passes a share on where its hundredths are others than before. */
function hundredths(told: Told): (share: number) => void {
  let before = 0;
  return (share) => {
    const now = Math.floor(share * 100);
    if (now !== before) told(now);
    before = now;
  };
}
