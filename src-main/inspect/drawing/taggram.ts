/** @file A taggram: tags over the time of a track, as figure and table. */
import type { FigureTable, FigureWords } from './files.ts';
import { drawHeat, heatHeight } from './heat.ts';
import { wordsAt } from './marks.ts';
import type { Drawing } from './marks.ts';
import { linearTicks } from './ticks.ts';

/** Probabilities `[segments, labels]`; segments begin `hopMs` after each other. */
export type ShownTaggram = {
  title: string;
  artist: string;
  head: string;
  labels: readonly string[];
  hopMs: number;
  segmentMs: number;
  values: ArrayLike<number>;
};

/** Tags whose probability is greatest somewhere in the track, the most probable first. @param most how many */
export function strongestTags({ labels, values }: ShownTaggram, most: number): number[] {
  const peaks = labels.map((_, label) => {
    let peak = 0;
    for (let at = label; at < values.length; at += labels.length) peak = Math.max(peak, values[at] as number);
    return peak;
  });
  return [...labels.keys()].sort((a, b) => (peaks[b] as number) - (peaks[a] as number) || a - b).slice(0, most);
}

/** Its height, in px. */
export function taggramHeight(tags: number): number {
  return heatHeight(tags);
}

/** A row for each tag, a column for each segment, the more probable the darker. */
export function drawTaggram(
  shown: ShownTaggram,
  { tags, width, height }: { tags: readonly number[]; width: number; height: number },
): Drawing {
  const { labels, values, hopMs } = shown;
  const segments = values.length / labels.length;
  const drawing = drawHeat({
    ...{ rowNames: tags.map((tag) => labels[tag] ?? ''), width, height, x: 'Time in the track' },
    columnNames: Array.from({ length: segments }, () => ''),
    shares: tags.map((tag) => Array.from({ length: segments }, (_, segment) => values[segment * labels.length + tag] as number)),
  });
  const { plot } = drawing;
  const seconds = (segments * hopMs) / 1000;
  const ticks = linearTicks(0, seconds / 60, (plot.right - plot.left) / 80).map((minutes) =>
    wordsAt(plot.left + ((minutes * 60) / seconds) * (plot.right - plot.left), plot.bottom + 16, clock(minutes * 60), 'middle'),
  );
  return { ...drawing, marks: [...drawing.marks, ...ticks] };
}

function clock(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

/** A row for each segment, a column for each tag. */
export function taggramTable({ labels, values, hopMs }: ShownTaggram): FigureTable {
  const rows = Array.from({ length: values.length / labels.length }, (_, segment): number[] => [
    segment,
    (segment * hopMs) / 1000,
    ...labels.map((_label, label) => values[segment * labels.length + label] as number),
  ]);
  return [['segment', 'start_s', ...labels], ...rows];
}

/** How it was made, in words. */
export function taggramWords({ title, artist, head, labels, hopMs, segmentMs }: ShownTaggram, encoder: string): FigureWords {
  return {
    title: `Tags over “${title}”${artist === '' ? '' : ` by ${artist}`}`,
    settings: `What “${head}” (${labels.length} tags, on ${encoder}) says of each segment of ${(segmentMs / 1000).toFixed(2)} s, one every ${(hopMs / 1000).toFixed(2)} s: from none (empty) to certain (the strongest colour). The probabilities of heads that were trained here are calibrated on whole tracks, not on segments.`,
  };
}
