/** @file Filter spectra as figure and table. */
import type { FilterSpectrum } from '../wave-spectra.ts';
import type { FigureTable, FigureWords } from './files.ts';
import { px, wordsAt } from './marks.ts';
import type { Drawing, FigureMark, Frame } from './marks.ts';
import { figureHeatLevels } from './palette.ts';
import { linearTicks } from './ticks.ts';

/** Spectra of a layer's filters, sorted by their peaks. `samples`: length of the waves. */
export type ShownSpectra = { layer: number; sampleRate: number; samples: number; lines: readonly FilterSpectrum[] };

const [leftPx, topPx, rightPx, bottomPx, mostRows] = [56, 6, 12, 28, 122];

/** A column for each filter, from 0 Hz below to half of the rate on top; the darker the stronger, less than a sixteenth of the peak is empty. */
export function drawSpectra({ lines, sampleRate }: ShownSpectra, { width, height }: { width: number; height: number }): Drawing {
  const plot: Frame = { left: leftPx, top: topPx, right: width - rightPx, bottom: height - bottomPx };
  const columns = Math.max(1, lines.length);
  const bins = lines[0]?.magnitudes.length ?? 1;
  const each = Math.ceil(bins / mostRows);
  const rows = Math.ceil(bins / each);
  const [wide, high] = [(plot.right - plot.left) / columns, (plot.bottom - plot.top) / rows];
  const paths = new Map<number, string[]>();
  for (const [column, { magnitudes }] of lines.entries())
    for (let row = 0; row < rows; row++) {
      const level = Math.floor(Math.max(...magnitudes.slice(row * each, (row + 1) * each)) * figureHeatLevels);
      if (level === 0) continue;
      const path = paths.get(level) ?? [];
      paths.set(level, path);
      path.push(`M${px(plot.left + column * wide)} ${px(plot.bottom - (row + 1) * high)}h${px(wide)}v${px(high)}h${px(-wide)}z`);
    }
  const cells = [...paths]
    .sort(([a], [b]) => a - b)
    .map(([level, path]): FigureMark => ({ kind: 'area', path: path.join(''), colour: `heat-${level}` }));
  const half = sampleRate / 2000;
  const ticks = linearTicks(0, half, (plot.bottom - plot.top) / 44).map((tick) =>
    wordsAt(plot.left - 6, plot.bottom - (tick / half) * (plot.bottom - plot.top) + 4, `${tick} kHz`, 'end'),
  );
  const edge = `M${px(plot.left)} ${px(plot.top)}H${px(plot.right)}V${px(plot.bottom)}H${px(plot.left)}Z`;
  const below = wordsAt(
    (plot.left + plot.right) / 2,
    height - 8,
    `${lines.length} filters, sorted by the frequency at which each is greatest`,
    'middle',
  );
  return {
    width,
    height,
    marks: [...cells, { kind: 'line', path: edge, colour: 'line', width: 1 }, ...ticks, below],
    plot,
    columns,
    rows: 1,
  };
}

/** A row for each filter, a column for each frequency. */
export function spectraTable({ lines, sampleRate, samples }: ShownSpectra): FigureTable {
  const bins = lines[0]?.magnitudes.length ?? 0;
  const head = ['filter', 'peak_hz', ...Array.from({ length: bins }, (_, bin) => `${((bin * sampleRate) / samples).toFixed(1)} Hz`)];
  return [head, ...lines.map(({ filter, peakHz, magnitudes }) => [filter, Math.round(peakHz * 100) / 100, ...magnitudes])];
}

/** How it was made, in words. */
export function spectraWords({ layer, samples, sampleRate }: ShownSpectra, encoder: string): FigureWords {
  return {
    title: `Filter spectra of layer ${layer} of ${encoder}`,
    settings: `Of each filter the wave of ${samples} samples at ${sampleRate} Hz that excites it: 17 steps of Adam (rate 0.1, weight decay 1e-6) from noise between −0.5 and 0.5, up the mean of what its convolution gives before its batch norm. Magnitudes of the wave without its mean under a Hamming window, the greatest of each filter darkest.`,
  };
}
