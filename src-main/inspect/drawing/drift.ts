/** @file A neuron at checkpoints of its run, as figure and table. */
import { countOf } from '../../base/counts.ts';
import type { CorrelationInterval } from '../correlation-interval.ts';
import { drawBands } from './bands.ts';
import type { FigureTable, FigureWords } from './files.ts';
import type { Drawing } from './marks.ts';

/** What was found. */
export type ShownDrift = {
  number: number;
  runName: string;
  segments: number;
  tracks: number;
  of: number;
  gone: readonly number[];
  steps: readonly { step: number; isNow: boolean; correlation: CorrelationInterval | null; kept: number }[];
};

/** Correlation with now at each checkpoint; where the neuron gave one number there is none. */
export function drawDrift({ steps }: ShownDrift, size: { width: number; height: number }): Drawing {
  const read = (of: 'low' | 'value' | 'high'): number[] =>
    steps.map(({ correlation }) => correlation?.[of] ?? correlation?.value ?? Number.NaN);
  return drawBands({
    bands: [{ name: 'correlation with now', low: read('low'), middle: read('value'), high: read('high') }],
    ...{ places: steps.map(({ step }) => String(step)), x: 'Step of the run', y: 'Correlation', ...size },
  });
}

/** A row for each checkpoint. */
export function driftTable({ steps, of }: ShownDrift): FigureTable {
  const rows = steps.map(({ step, isNow, correlation, kept }): (string | number)[] => [
    ...[step, isNow ? 1 : 0, correlation?.value ?? '', correlation?.low ?? '', correlation?.high ?? '', kept, of],
  ]);
  return [['step', 'now', 'correlation', 'low', 'high', 'top_kept', 'of'], ...rows];
}

/** How it was made, in words. */
export function driftWords({ number, runName, segments, tracks, of, gone }: ShownDrift, encoder: string): FigureWords {
  const missing = gone.length === 0 ? '' : ` Files of checkpoints that are gone: of step ${gone.join(', ')}.`;
  return {
    title: `Neuron ${number} of ${encoder} at checkpoints of “${runName}”`,
    settings: `Correlation of what it gives at a checkpoint with what it gives now, over ${countOf(segments, 'segment')} of ${countOf(tracks, 'track')}, spread evenly over the library, which each checkpoint heard from their files; bands: Fisher’s intervals at 95 %, as many numbers as tracks. Top segments that are kept: of the ${of} that it hears most now, those among as many at the checkpoint, of the same segments and its top ones.${missing}`,
  };
}
