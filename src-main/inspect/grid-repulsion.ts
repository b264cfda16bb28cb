/**
 * @file Repulsion between all places of a map for t-SNE: charges are spread over the nodes of a grid, and a convolution there gives what all do to each
 * (Linderman, Rachh, Hoskins, Steinerberger and Kluger 2019, FIt-SNE). Unlike there the kernels are of the force itself, so that one transform forwards and one
 * backwards are enough, the normalisation is a sum over the spectrum (Parseval), and cubic splines interpolate, whose prefilter (Unser 1999) is a part of the
 * kernels' spectra.
 */
import { Fourier } from '../base/index.ts';

/** How far apart nodes are, in units of the map, where kernels are one unit wide: a grid is as fine as its number of nodes, a power of two, allows. */
const [finest, coarsest] = [0.25, 0.5];
const [smallest, largest] = [64, 2_048];
/** A map that grows keeps its grid until it has grown so much. */
const growth = 1.15;

/** With fewer places than so many for each node along a side of the grid, going through every pair takes less time than the grid's transforms. */
const placesPerNode = 8;

/** Takes the repulsion of all places `[count, 2]` off a gradient of t-SNE, pair by pair (van der Maaten and Hinton 2008, eq. 5). */
export function takeOffPairs(places: Float32Array, gradient: Float64Array): void {
  const forces = new Float64Array(places.length);
  let total = 0;
  for (let a = 2; a < places.length; a += 2) {
    // Pairs of values in one statement would be arrays here, at three times the time.
    const ownX = places[a] as number;
    const ownY = places[a + 1] as number;
    let sumX = 0;
    let sumY = 0;
    let own = 0;
    for (let b = 0; b < a; b += 2) {
      const x = ownX - (places[b] as number);
      const y = ownY - (places[b + 1] as number);
      const near = 1 / (1 + x * x + y * y);
      const forceX = near * near * x;
      const forceY = near * near * y;
      own += near;
      sumX += forceX;
      sumY += forceY;
      forces[b] = (forces[b] as number) - forceX;
      forces[b + 1] = (forces[b + 1] as number) - forceY;
    }
    total += 2 * own;
    forces[a] = (forces[a] as number) + sumX;
    forces[a + 1] = (forces[a + 1] as number) + sumY;
  }
  for (let i = 0; i < places.length; i++) gradient[i] = (gradient[i] as number) - (4 / total) * (forces[i] as number);
}

/** Takes repulsion off by whichever way is faster for so many places that reach so far. */
export class Repulsion {
  readonly #grid = new GridRepulsion();

  /** @param places `[count, 2]` */
  takeOff(places: Float32Array, gradient: Float64Array): void {
    const isOfPairs = places.length / 2 < placesPerNode * this.#grid.sizeFor(places);
    if (isOfPairs) takeOffPairs(places, gradient);
    else this.#grid.takeOff(places, gradient);
  }
}

/** Convolves charges of places `[count, 2]` again and again; a grid and its spectra are kept while they fit. */
export class GridRepulsion {
  #spacing = 0;
  #plane = new Plane(0);
  #near = new Float64Array(0);
  #force = { real: new Float64Array(0), imaginary: new Float64Array(0) };

  /** Takes the repulsion of all places off a gradient of t-SNE (van der Maaten 2014, eq. 8 and 9). */
  takeOff(places: Float32Array, gradient: Float64Array): void {
    const { low, extent } = boundsOf(places);
    this.#fit(extent);
    const { real, imaginary, size } = this.#plane;
    const spacing = this.#spacing;
    real.fill(0);
    imaginary.fill(0);
    const count = places.length / 2;
    const corner = { x: low.x - 1.5 * spacing, y: low.y - 1.5 * spacing };
    const spread = new Spread(spacing, corner, size);
    for (let place = 0; place < count; place++) spread.add(places, place, real);
    this.#plane.forward(spread.rows);
    const total = this.#convolve() - count;
    this.#plane.inverse(spread.rows);
    const scale = 4 / Math.max(total, 1e-12);
    for (let place = 0; place < count; place++) {
      spread.at(places, place, real, imaginary);
      gradient[place * 2] = (gradient[place * 2] as number) - scale * spread.x;
      gradient[place * 2 + 1] = (gradient[place * 2 + 1] as number) - scale * spread.y;
    }
  }

  /** Multiplies the spectrum of the charges by that of the force. Returns the sum of 1 / (1 + d²) over all pairs, each place with itself among them. */
  #convolve(): number {
    const { real, imaginary } = this.#plane;
    const near = this.#near;
    const { real: forceReal, imaginary: forceImaginary } = this.#force;
    let total = 0;
    const scale = 1 / real.length;
    for (let i = 0; i < real.length; i++) {
      const re = real[i] as number;
      const im = imaginary[i] as number;
      total += (re * re + im * im) * (near[i] as number);
      real[i] = scale * (re * (forceReal[i] as number) - im * (forceImaginary[i] as number));
      imaginary[i] = scale * (re * (forceImaginary[i] as number) + im * (forceReal[i] as number));
    }
    return total * scale;
  }

  /** Nodes along a side of the grid that places would be repelled by. */
  sizeFor(places: Float32Array): number {
    const { extent } = boundsOf(places);
    return this.#fits(extent) ? this.#plane.size : gridFor(extent).size;
  }

  #fits(extent: number): boolean {
    return this.#spacing > 0 && 2 * (Math.ceil(extent / this.#spacing) + 5) <= this.#plane.size;
  }

  /** Makes the grid anew where a map does not fit it. */
  #fit(extent: number): void {
    if (this.#fits(extent)) return;
    const { size, spacing } = gridFor(extent);
    this.#spacing = spacing;
    if (this.#plane.size !== size) this.#plane = new Plane(size);
    this.#prepare();
  }

  #prepare(): void {
    const plane = this.#plane;
    const { size, real, imaginary } = plane;
    const spacing = this.#spacing;
    const offset = (at: number): number => (at < size / 2 ? at : at - size) * spacing;
    const fill = (kernel: (x: number, y: number) => readonly [number, number]): void => {
      for (let row = 0; row < size; row++)
        for (let column = 0; column < size; column++)
          [real[row * size + column], imaginary[row * size + column]] = kernel(offset(column), offset(row)) as [number, number];
      plane.forward(size);
      plane.prefilter();
    };
    fill((x, y) => [1 / (1 + x * x + y * y), 0]);
    this.#near = real.slice();
    fill((x, y) => {
      const square = (1 + x * x + y * y) ** 2;
      return [x / square, y / square];
    });
    this.#force = { real: real.slice(), imaginary: imaginary.slice() };
  }
}

/** The grid of a map that reaches so far, with room to grow. */
function gridFor(extent: number): { size: number; spacing: number } {
  const aimed = growth * extent;
  const spacing = (size: number): number => aimed / (size / 2 - 6);
  let size = smallest;
  while (size < largest && spacing(size) > coarsest) size *= 2;
  return { size, spacing: Math.max(finest, spacing(size)) };
}

/** A square of complex numbers, transformed in place; the spectrum lies transposed and in bit-reversed order, as products do not mind. */
class Plane {
  readonly size: number;
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
  readonly #fourier: Fourier;

  constructor(size: number) {
    this.size = size;
    this.#fourier = new Fourier(size);
    this.real = new Float64Array(size * size);
    this.imaginary = new Float64Array(size * size);
  }

  /** @param rows how many have anything but zeros */
  forward(rows: number): void {
    this.#rows(rows, (real, imaginary) => this.#fourier.forward(real, imaginary));
    this.#turn();
    this.#rows(this.size, (real, imaginary) => this.#fourier.forward(real, imaginary));
  }

  /** Times the number of nodes. @param rows how many are wanted */
  inverse(rows: number): void {
    this.#rows(this.size, (real, imaginary) => this.#fourier.inverse(real, imaginary));
    this.#turn();
    this.#rows(rows, (real, imaginary) => this.#fourier.inverse(real, imaginary));
  }

  /** Divides by the spectra of the splines at both ends, so that they go through what lies at the nodes. */
  prefilter(): void {
    const { size, real, imaginary } = this;
    const spline = new Float64Array(size);
    for (const [bin, place] of this.#fourier.places.entries()) spline[place] = ((2 + Math.cos((2 * Math.PI * bin) / size)) / 3) ** 2;
    for (let row = 0; row < size; row++)
      for (let column = 0; column < size; column++) {
        const by = (spline[row] as number) * (spline[column] as number);
        real[row * size + column] = (real[row * size + column] as number) / by;
        imaginary[row * size + column] = (imaginary[row * size + column] as number) / by;
      }
  }

  #rows(rows: number, transform: (real: Float64Array, imaginary: Float64Array) => void): void {
    const { size, real, imaginary } = this;
    for (let from = 0; from < rows * size; from += size) transform(real.subarray(from, from + size), imaginary.subarray(from, from + size));
  }

  #turn(): void {
    transpose(this.real, this.size);
    transpose(this.imaginary, this.size);
  }
}

const blockSide = 16;

/** Turns a square about its diagonal, block by block. */
function transpose(values: Float64Array, size: number): void {
  for (let top = 0; top < size; top += blockSide)
    for (let left = 0; left <= top; left += blockSide)
      for (let row = top; row < top + blockSide; row++)
        for (let column = left, end = Math.min(left + blockSide, row); column < end; column++) {
          const kept = values[row * size + column] as number;
          values[row * size + column] = values[column * size + row] as number;
          values[column * size + row] = kept;
        }
}

/** Goes between a place and its 4 × 4 nodes by cubic B-splines. */
class Spread {
  /** What was interpolated last. */
  x = 0;
  y = 0;
  /** Rows of nodes that places reach. */
  rows = 0;
  readonly #scale: number;
  readonly #corner: { x: number; y: number };
  readonly #size: number;
  readonly #across = new Float64Array(4);
  readonly #down = new Float64Array(4);

  constructor(spacing: number, corner: { x: number; y: number }, size: number) {
    this.#scale = 1 / spacing;
    this.#corner = corner;
    this.#size = size;
  }

  /** Spreads a charge of one. */
  add(places: Float32Array, place: number, nodes: Float64Array): void {
    const first = this.#weigh(places, place);
    for (let row = 0; row < 4; row++)
      for (let column = 0; column < 4; column++) {
        const at = first + row * this.#size + column;
        nodes[at] = (nodes[at] as number) + (this.#down[row] as number) * (this.#across[column] as number);
      }
  }

  /** Takes both fields at a place. */
  at(places: Float32Array, place: number, ofX: Float64Array, ofY: Float64Array): void {
    const first = this.#weigh(places, place);
    this.x = 0;
    this.y = 0;
    for (let row = 0; row < 4; row++)
      for (let column = 0; column < 4; column++) {
        const weight = (this.#down[row] as number) * (this.#across[column] as number);
        this.x += weight * (ofX[first + row * this.#size + column] as number);
        this.y += weight * (ofY[first + row * this.#size + column] as number);
      }
  }

  /** Weights of the nodes about a place; returns the first of them. */
  #weigh(places: Float32Array, place: number): number {
    const x = ((places[place * 2] as number) - this.#corner.x) * this.#scale;
    const y = ((places[place * 2 + 1] as number) - this.#corner.y) * this.#scale;
    const column = Math.floor(x);
    const row = Math.floor(y);
    cubic(x - column, this.#across);
    cubic(y - row, this.#down);
    if (row + 3 > this.rows) this.rows = row + 3;
    return (row - 1) * this.#size + column - 1;
  }
}

/** Weights of the nodes at -1, 0, 1 and 2. @param t from 0 to 1 */
function cubic(t: number, weights: Float64Array): void {
  const rest = 1 - t;
  weights[0] = (rest * rest * rest) / 6;
  weights[1] = (4 + 3 * t * t * (t - 2)) / 6;
  weights[2] = (4 + 3 * rest * rest * (rest - 2)) / 6;
  weights[3] = (t * t * t) / 6;
}

function boundsOf(places: Float32Array): { low: { x: number; y: number }; extent: number } {
  let [lowX, lowY, highX, highY] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < places.length; i += 2) {
    const [x, y] = [places[i] as number, places[i + 1] as number];
    lowX = Math.min(lowX, x);
    highX = Math.max(highX, x);
    lowY = Math.min(lowY, y);
    highY = Math.max(highY, y);
  }
  return { low: { x: lowX, y: lowY }, extent: Math.max(highX - lowX, highY - lowY) };
}
