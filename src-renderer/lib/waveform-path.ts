/** @file The small waveform of a table's row as one path of an SVG. */

/** Bars from the middle line up and down; `bars` 255 = full scale, the path `width` × `height` units. */
export function waveformPath(bars: Uint8Array, width: number, height: number): string {
  const step = width / Math.max(1, bars.length);
  const middle = height / 2;
  let path = '';
  for (let i = 0; i < bars.length; i++) {
    const half = Math.max(0.5, ((bars[i] ?? 0) / 255) * middle);
    path += `M${round((i + 0.5) * step)} ${round(middle - half)}V${round(middle + half)}`;
  }
  return path;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
