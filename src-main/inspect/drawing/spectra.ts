/** @file Filter spectra as figure and table: of one encoder, or of several side by side. */
import type { FilterSpectrum } from '../wave-spectra.ts';
import type { FigureTable, FigureWords } from './files.ts';
import { px, wordsAt } from './marks.ts';
import type { Drawing, FigureMark, Frame } from './marks.ts';
import { figureHeatLevels } from './palette.ts';
import { linearTicks } from './ticks.ts';

/** Spectra of a layer's filters, sorted by their peaks. `samples`: length of the waves. */
export type ShownSpectra = { layer: number; sampleRate: number; samples: number; lines: readonly FilterSpectrum[] };

/** The same with the name of the encoder. */
export type NamedSpectra = ShownSpectra & { name: string };

type Size = { width: number; height: number };

const [leftPx, topPx, namesPx, rightPx, bottomPx, mostRows, letterPx] = [56, 6, 18, 12, 28, 122, 6.5];
/** Between two encoders lie so many parts of a panel's columns, empty. */
const gapShare = 24;

/** A column for each filter, from 0 Hz below to half of the rate on top; the darker the stronger, less than a sixteenth of the peak is empty. */
export function drawSpectra(spectra: ShownSpectra, size: Size): Drawing {
  return drawPanels([{ ...spectra, name: '' }], size);
}

/** Several encoders from left to right, all with the same frequencies from below to top. */
export function drawBesideSpectra(all: readonly NamedSpectra[], size: Size): Drawing {
  return drawPanels(all, size);
}

/** Which line of which encoder stands in a column; null between two encoders. */
export function spectraAt(all: readonly ShownSpectra[], column: number): { encoder: number; line: number } | null {
  let left = column;
  for (const [encoder, { lines }] of all.entries()) {
    if (left < lines.length) return left < 0 ? null : { encoder, line: left };
    left -= lines.length + gapOf(all);
  }
  return null;
}

/** Empty columns between two encoders. */
function gapOf(all: readonly ShownSpectra[]): number {
  return Math.max(1, Math.ceil(Math.max(...all.map(({ lines }) => lines.length)) / gapShare));
}

function drawPanels(all: readonly NamedSpectra[], { width, height }: Size): Drawing {
  const hasNames = all.length > 1;
  const plot: Frame = { left: leftPx, top: topPx + (hasNames ? namesPx : 0), right: width - rightPx, bottom: height - bottomPx };
  const half = Math.max(...all.map(({ sampleRate }) => sampleRate)) / 2000;
  const filters = all.reduce((sum, { lines }) => sum + lines.length, 0);
  const columns = Math.max(1, filters + (all.length - 1) * gapOf(all));
  const wide = (plot.right - plot.left) / columns;
  let left = plot.left;
  const panels = all.flatMap((own): FigureMark[] => {
    const right = left + Math.max(1, own.lines.length) * wide;
    const top = plot.bottom - (own.sampleRate / 2000 / half) * (plot.bottom - plot.top);
    const marks = panelOf(own, { left, top, right, bottom: plot.bottom });
    const letters = Math.floor((right - left) / letterPx);
    const name = hasNames ? [{ ...wordsAt(left, plot.top - 6, shortened(own.name, letters)), colour: 'text' as const }] : [];
    left = right + gapOf(all) * wide;
    return [...marks, ...name];
  });
  const ticks = linearTicks(0, half, (plot.bottom - plot.top) / 44).map((tick) =>
    wordsAt(plot.left - 6, plot.bottom - (tick / half) * (plot.bottom - plot.top) + 4, `${tick} kHz`, 'end'),
  );
  const counted = hasNames ? `${all.map(({ lines }) => lines.length).join(' and ')} filters, each` : `${filters} filters,`;
  const below = wordsAt(
    (plot.left + plot.right) / 2,
    height - 8,
    `${counted} sorted by the frequency at which ${hasNames ? 'it' : 'each'} is greatest`,
    'middle',
  );
  return { width, height, marks: [...panels, ...ticks, below], plot, columns, rows: 1 };
}

/** Cells of one encoder and the edge about them. */
function panelOf({ lines }: ShownSpectra, { left, top, right, bottom }: Frame): FigureMark[] {
  const bins = lines[0]?.magnitudes.length ?? 1;
  const each = Math.ceil(bins / mostRows);
  const [wide, high] = [(right - left) / Math.max(1, lines.length), (bottom - top) / Math.ceil(bins / each)];
  const paths = new Map<number, string[]>();
  for (const [column, { magnitudes }] of lines.entries())
    for (let row = 0; row * each < bins; row++) {
      const level = Math.floor(Math.max(...magnitudes.slice(row * each, (row + 1) * each)) * figureHeatLevels);
      if (level === 0) continue;
      const path = paths.get(level) ?? [];
      paths.set(level, path);
      path.push(`M${px(left + column * wide)} ${px(bottom - (row + 1) * high)}h${px(wide)}v${px(high)}h${px(-wide)}z`);
    }
  const cells = [...paths]
    .sort(([a], [b]) => a - b)
    .map(([level, path]): FigureMark => ({ kind: 'area', path: path.join(''), colour: `heat-${level}` }));
  const edge = `M${px(left)} ${px(top)}H${px(right)}V${px(bottom)}H${px(left)}Z`;
  return [...cells, { kind: 'line', path: edge, colour: 'line', width: 1 }];
}

function shortened(name: string, letters: number): string {
  const parts = [...name];
  return parts.length > letters ? `${parts.slice(0, Math.max(1, letters - 1)).join('')}…` : name;
}

/** A row for each filter, a column for each frequency. */
export function spectraTable({ lines, sampleRate, samples }: ShownSpectra): FigureTable {
  const bins = lines[0]?.magnitudes.length ?? 0;
  const head = ['filter', 'peak_hz', ...Array.from({ length: bins }, (_, bin) => `${((bin * sampleRate) / samples).toFixed(1)} Hz`)];
  return [head, ...lines.map(({ filter, peakHz, magnitudes }) => [filter, Math.round(peakHz * 100) / 100, ...magnitudes])];
}

/** A row for each filter of each encoder and frequency: rates of encoders may differ, and with them frequencies. */
export function besideSpectraTable(all: readonly NamedSpectra[]): FigureTable {
  const rows = all.flatMap(({ name, lines, sampleRate, samples }) =>
    lines.flatMap(({ filter, peakHz, magnitudes }) =>
      magnitudes.map((magnitude, bin): (string | number)[] => [
        ...[name, filter, Math.round(peakHz * 100) / 100, Math.round((bin * sampleRate * 100) / samples) / 100, magnitude],
      ]),
    ),
  );
  return [['encoder', 'filter', 'peak_hz', 'hz', 'magnitude'], ...rows];
}

/** How it was made, in words. */
export function spectraWords(spectra: ShownSpectra, encoder: string): FigureWords {
  return { title: `Filter spectra of layer ${spectra.layer} of ${encoder}`, settings: settingsOf(spectra, String(spectra.sampleRate)) };
}

/** How several were made. */
export function besideSpectraWords(all: readonly NamedSpectra[]): FigureWords {
  const [first] = all;
  const rates = [...new Set(all.map(({ sampleRate }) => sampleRate))].join(' and ');
  return {
    title: `Filter spectra of layer ${first?.layer ?? 0} of ${all.map(({ name }) => name).join(' and ')}`,
    settings: first === undefined ? '' : `${settingsOf(first, rates)} All begin with the same noise.`,
  };
}

function settingsOf({ samples }: ShownSpectra, rates: string): string {
  return `Of each filter the wave of ${samples} samples at ${rates} Hz that excites it: 17 steps of Adam (rate 0.1, weight decay 1e-6) from noise between −0.5 and 0.5, up the mean of what its convolution gives before its batch norm. Magnitudes of the wave without its mean under a Hamming window, the greatest of each filter in the strongest colour.`;
}
