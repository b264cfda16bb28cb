/** @file Figures with how sure they are. */
import { z } from 'zod';

/** The ends are null where there are too few artists (or albums) to tell. */
export const intervalSchema = z.object({ value: z.number(), low: z.number().nullable(), high: z.number().nullable() });
/** An estimate with its 95 % interval. */
export type Interval = z.infer<typeof intervalSchema>;

/** The ends of an interval; null where they are unknown. Earlier versions told one without a width where there were too few groups. */
export function spreadOf({ low, high }: Interval): { low: number; high: number } | null {
  return low === null || high === null || high <= low ? null : { low, high };
}

/** The interval of a figure in words; `digits` behind the point. */
export function spreadText(interval: Interval, { digits, groupedBy }: { digits: number; groupedBy: 'artist' | 'album' }): string {
  const spread = spreadOf(interval);
  return spread === null ? `too few ${groupedBy}s to tell` : `${spread.low.toFixed(digits)} to ${spread.high.toFixed(digits)}`;
}
