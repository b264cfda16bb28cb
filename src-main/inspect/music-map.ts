/** @file A map of rows in two dimensions, by UMAP or t-SNE, the same for the same rows and seed. */
import { AppError, seededRandom } from '../base/index.ts';
import type { Random } from '../base/index.ts';
import { mostExact, nearestGraph } from './nearest-graph.ts';
import type { NearestGraph } from './nearest-graph.ts';
import { principalRows } from './principal-components.ts';
import type { Rows } from './principal-components.ts';
import { affinities, tsneIterations, tsneLayout } from './t-sne.ts';
import { fuzzyPairs, umapEpochs, umapLayout } from './umap.ts';

/** How a map is drawn. */
export type MapMethod = 'umap' | 'tsne';
/** Settings of a map; the seed is an unsigned 32-bit number. */
export type MapOptions = { method: MapMethod; seed: number; onShare?: (share: number) => void };

/** Neighbours of UMAP: umap-learn's 15, the row itself among them there. */
const umapNeighbours = 14;
const perplexity = 30;
/** Rows beyond which t-SNE's perplexity is less, with which maps of many rows hardly differ (Böhm, Berens and Kobak 2022, section 4). */
const large = 20_000;
const largePerplexity = 10;
/** Components in which neighbours of many rows are looked for. */
const searchWidth = 64;
/** Share of the work that finding neighbours is counted as. */
const searching = 0.4;

/** Places of rows `[count, 2]`. @throws AppError BAD_INPUT for fewer than three rows, rows that are all the same, or numbers that are not finite */
export function musicMap(rows: Rows, { method, seed, onShare = () => undefined }: MapOptions): Float32Array {
  refuse(rows);
  const random = seededRandom(seed);
  const start = startPlaces(rows, method, random);
  const found = rows.count > mostExact ? principalRows(rows, searchWidth, random) : rows;
  const aimed = method === 'umap' ? umapNeighbours : 3 * (rows.count > large ? largePerplexity : perplexity);
  const graph = nearestGraph(found, aimed, random, (share) => onShare(searching * share));
  const drawing = (share: number): void => onShare(searching + (1 - searching) * share);
  if (method === 'umap') umapLayout(start, fuzzyPairs(graph), { epochs: umapEpochs(rows.count), random, onShare: drawing });
  else tsneLayout(start, affinities(graph, perplexityOf(graph)), { iterations: tsneIterations(rows.count), onShare: drawing });
  return start;
}

/** A third of the neighbours that a row has. */
function perplexityOf({ k }: NearestGraph): number {
  return Math.max(1, k / 3);
}

/** The first two principal components: for UMAP from -10 to 10, for t-SNE with a deviation of 1e-4 along the first; with a little noise, which parts equals. */
function startPlaces(rows: Rows, method: MapMethod, random: Random): Float32Array {
  const { values, width, count } = principalRows(rows, 2, random);
  let [most, squares] = [0, 0];
  for (let row = 0; row < count; row++) {
    most = Math.max(most, Math.abs(values[row * width] as number), Math.abs(values[row * width + 1] ?? 0));
    squares += (values[row * width] as number) ** 2;
  }
  const size = method === 'umap' ? 10 : 1e-4;
  const scale = size / (method === 'umap' ? most : Math.sqrt(squares / count));
  const places = new Float32Array(count * 2);
  for (let row = 0; row < count; row++)
    for (let axis = 0; axis < 2; axis++)
      places[row * 2 + axis] = (axis < width ? (values[row * width + axis] as number) : 0) * scale + 1e-5 * size * random.normal();
  return places;
}

function refuse({ values, count, width }: Rows): void {
  if (count < 3)
    throw new AppError(
      'BAD_INPUT',
      `A map needs three points or more, and there ${count === 1 ? 'is 1' : `are ${count}`}. Index more music, or show segments instead of tracks.`,
    );
  let isConstant = true;
  for (let at = 0; at < values.length; at++) {
    if (!Number.isFinite(values[at]))
      throw new AppError('BAD_INPUT', 'Some of the numbers to be drawn are not finite. Index the library again with this encoder.');
    if (values[at] !== values[at % width]) isConstant = false;
  }
  if (isConstant)
    throw new AppError('BAD_INPUT', 'Every point has the same numbers, so there is nothing to draw a map of. Choose another encoder.');
}
