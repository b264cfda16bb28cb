/** @file Two encoders on one library: which of them puts together what the library itself says belongs together. */
import { z } from 'zod';
import { encoderIdSchema } from './ids.ts';
import { intervalSchema } from './interval.ts';

/** What a library says of its tracks: fields of the files, and a person's own tags. */
export const comparedBy = ['album', 'artist', 'tags'] as const;
export type ComparedBy = (typeof comparedBy)[number];

/** Of the tracks nearest to one, how many share what is asked about; means over tracks, with intervals over artists. */
export const comparisonSchema = z.object({
  encoderId: encoderIdSchema,
  /** What it was compared with. */
  againstId: encoderIdSchema,
  /** Tracks among which neighbours were looked for. */
  tracks: z.int(),
  rows: z.array(
    z.object({
      by: z.enum(comparedBy),
      /** Tracks of which another one shares it (with tags: each with each of its tags). */
      queries: z.int(),
      /** Artists that intervals are resampled by. */
      groups: z.int(),
      /** What chance gives. */
      chance: z.number(),
      own: intervalSchema,
      against: intervalSchema,
      /** Own less the other's, track by track. */
      difference: intervalSchema,
    }),
  ),
  /** `unclear`: no difference is clear of 0, or they contradict each other. `unknown`: the library says too little. */
  verdict: z.enum(['better', 'unclear', 'worse', 'unknown']),
});
export type Comparison = z.infer<typeof comparisonSchema>;

/** How a comparison's questions are called. */
export const comparisonWords: Readonly<Record<ComparedBy, string>> = {
  album: 'same album',
  artist: 'same artist',
  tags: 'same tag of yours',
};

/** What a comparison comes to. @param against what the other encoder is called */
export function comparisonText({ rows, verdict }: Comparison, against: string): string {
  const percent = (value: number): string => `${Math.round(value * 100)}\u202f%`;
  const figures = rows.flatMap(({ by, own, against: other, difference: { low, high } }) =>
    low === null || high === null
      ? []
      : [
          `${comparisonWords[by]} ${percent(own.value)} against ${percent(other.value)} (difference ${points(low)} to ${points(high)} points)`,
        ],
  );
  const told = figures.length === 0 ? '' : ` Of the five tracks nearest to each: ${figures.join('; ')}.`;
  switch (verdict) {
    case 'better':
      return `On your own music it is better than ${against}.${told}`;
    case 'worse':
      return `On your own music it is worse than ${against}.${told}`;
    case 'unclear':
      return `On your own music it is not clearly better than ${against}.${told}`;
    case 'unknown':
      return `Whether it is better than ${against} cannot be told: too few artists have several tracks or albums here, and too few tracks have tags.`;
  }
}

/** A difference of shares in points of a hundred. */
function points(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(Math.round(value * 100))}`;
}
