/** @file How a neuron's top segments sound beside others, as figure and table. */
import type { MeanInterval } from '../clustered-mean.ts';
import { drawBands } from './bands.ts';
import type { Band } from './bands.ts';
import type { FigureTable, FigureWords } from './files.ts';
import type { Drawing } from './marks.ts';

type Compared = { top: MeanInterval; rest: MeanInterval; difference: MeanInterval };
type Some = { segments: number; tracks: number };

/** What was measured. */
export type ShownSound = {
  number: number;
  sampleRate: number;
  top: Some;
  rest: Some;
  left: number;
  level: Compared;
  attack: Compared;
  decay: Compared;
  bands: readonly { hertz: number; top: MeanInterval; rest: MeanInterval }[];
};

/** A frequency as it stands at an axis. */
export function hertzText(hertz: number): string {
  return hertz < 1000 ? String(Math.round(hertz / 5) * 5) : `${Number((hertz / 1000).toPrecision(2))}k`;
}

/** The spectrum: the mean of each third octave with its interval, of top segments and of others. */
export function drawSound({ bands }: ShownSound, size: { width: number; height: number }): Drawing {
  const band = (name: string, of: 'top' | 'rest'): Band => ({
    name,
    low: bands.map((one) => one[of].low ?? one[of].mean),
    middle: bands.map((one) => one[of].mean),
    high: bands.map((one) => one[of].high ?? one[of].mean),
  });
  return drawBands({
    ...{ bands: [band('top segments', 'top'), band('others', 'rest')], places: bands.map(({ hertz }) => hertzText(hertz)) },
    ...{ x: 'Third octave, in Hz', y: 'Share of power, in dB', ...size },
  });
}

/** A row for each figure, of top segments, of others, and their difference where it was measured. */
export function soundTable({ level, attack, decay, bands }: ShownSound): FigureTable {
  const cells = ({ mean, low, high }: MeanInterval): (string | number)[] => [mean, low ?? '', high ?? ''];
  const none: MeanInterval = { mean: Number.NaN, low: null, high: null };
  const row = (what: string, { top, rest, difference }: Compared): (string | number)[] => {
    const told = Number.isNaN(difference.mean) ? ['', '', ''] : cells(difference);
    return [what, ...cells(top), ...cells(rest), ...told];
  };
  const head = [
    'what',
    'top',
    'top_low',
    'top_high',
    'others',
    'others_low',
    'others_high',
    'difference',
    'difference_low',
    'difference_high',
  ];
  return [
    head,
    row('level_db', level),
    row('attack_db', attack),
    row('decay_db', decay),
    ...bands.map(({ hertz, top, rest }) => row(`share_db_at_${hertz.toFixed(0)}_hz`, { top, rest, difference: none })),
  ];
}

/** How it was made, in words. */
export function soundWords({ number, sampleRate, top, rest, left }: ShownSound, encoder: string): FigureWords {
  const missing = left === 0 ? '' : ` ${left} more are silent or could not be read.`;
  return {
    title: `How top segments of neuron ${number} of ${encoder} sound`,
    settings: `${top.segments} of the segments on which it gives most, of ${top.tracks} tracks, beside ${rest.segments} others of ${rest.tracks} tracks, spread evenly over the library; from the audio, mono at ${sampleRate} Hz.${missing} Lines: means; bands: intervals at 95 %, tracks as groups. Level: mean power, full scale is 0 dB. Attack and decay: how far the level of 10 ms rises or falls within 50 ms, at the steepest twentieth.`,
  };
}
