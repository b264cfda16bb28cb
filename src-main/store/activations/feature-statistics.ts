/** @file Least, greatest and sum of every feature, kept up as rows are added, so that the table's colours need no walk over a million rows. */

/** Running statistics over rows of `dimensions` values. */
export class FeatureStatistics {
  readonly minima: Float32Array;
  readonly maxima: Float32Array;
  readonly sums: Float64Array;
  rows = 0;

  constructor(dimensions: number) {
    this.minima = new Float32Array(dimensions).fill(Number.POSITIVE_INFINITY);
    this.maxima = new Float32Array(dimensions).fill(Number.NEGATIVE_INFINITY);
    this.sums = new Float64Array(dimensions);
  }

  /** Adds rows `[rows, dimensions]`. */
  add(rows: Float32Array): void {
    const { minima, maxima, sums } = this;
    const dimensions = minima.length;
    for (let start = 0; start < rows.length; start += dimensions) {
      for (let feature = 0; feature < dimensions; feature++) {
        const value = rows[start + feature] as number;
        if (value < (minima[feature] as number)) minima[feature] = value;
        if (value > (maxima[feature] as number)) maxima[feature] = value;
        if (Number.isFinite(value)) sums[feature] = (sums[feature] as number) + value;
      }
    }
    this.rows += rows.length / dimensions;
  }

  /** Adds what another has seen. */
  merge(other: FeatureStatistics): void {
    for (let feature = 0; feature < this.minima.length; feature++) {
      this.minima[feature] = Math.min(this.minima[feature] as number, other.minima[feature] as number);
      this.maxima[feature] = Math.max(this.maxima[feature] as number, other.maxima[feature] as number);
      this.sums[feature] = (this.sums[feature] as number) + (other.sums[feature] as number);
    }
    this.rows += other.rows;
  }

  /** Mean of each feature; 0 without rows. */
  means(): Float32Array {
    return Float32Array.from(this.sums, (sum) => (this.rows === 0 ? 0 : sum / this.rows));
  }
}
