/** @file Two histograms over the same bins, one over the other, each as a share of its own count. */

/** Counts in equal bins. */
export interface HistogramPair {
  /** Drawn filled. */
  readonly filled: readonly number[];
  /** Drawn as an outline over it. */
  readonly outlined: readonly number[];
}

/** Each bin as a share of all, 0 to 1. */
export function shares(counts: readonly number[]): number[] {
  const sum = counts.reduce((total, count) => total + count, 0);
  return counts.map((count) => (sum > 0 ? count / sum : 0));
}

/** Draws both on a canvas of a given CSS size, up to the highest bin of both. */
export function drawHistograms(
  context: CanvasRenderingContext2D,
  size: { width: number; height: number },
  pair: HistogramPair,
  colours: { filled: string; outlined: string; base: string },
): void {
  const { width, height } = size;
  const [filled, outlined] = [shares(pair.filled), shares(pair.outlined)];
  const most = Math.max(...filled, ...outlined, 0);
  const bottom = height - 1;
  const top = (share: number): number => bottom - (most > 0 ? (share / most) * (height - 4) : 0);
  const outline = (list: readonly number[]): Path2D => {
    const path = new Path2D();
    path.moveTo(0, bottom);
    list.forEach((share, i) => {
      path.lineTo((i / list.length) * width, top(share));
      path.lineTo(((i + 1) / list.length) * width, top(share));
    });
    path.lineTo(width, bottom);
    return path;
  };
  context.fillStyle = colours.filled;
  context.fill(outline(filled));
  context.strokeStyle = colours.outlined;
  context.lineWidth = 1.5;
  context.stroke(outline(outlined));
  context.fillStyle = colours.base;
  context.fillRect(0, bottom, width, 1);
}
