/** @file Masks of a batch in spans, drawn as wav2vec 2.0 and data2vec draw them (Baevski et al. 2020, section 3.2; fairseq's `compute_mask_indices`). */
import type { Random } from '../../base/index.ts';
import type { BatchPart } from '../../learn/index.ts';

type MaskContent = Extract<BatchPart['content'], { kind: 'mask' }>;

/**
 * Spans begin at places that are drawn without putting back, may overlap, and are so many that without overlap they would cover the probability's share,
 * rounded up or down at random. Items that are masked more than the one that is masked least give up positions at random.
 * @returns `[batch, positions]`: 1 at masked positions, 0 elsewhere
 */
export function drawMasks(content: MaskContent, batch: number, random: Random): Float32Array {
  const { of } = content;
  const items = Array.from({ length: batch }, () => maskedPositions(content, random));
  const least = Math.min(...items.map(({ length }) => length));
  const drawn = new Float32Array(batch * of);
  for (const [item, positions] of items.entries()) for (const position of chosen(positions, least, random)) drawn[item * of + position] = 1;
  return drawn;
}

/** Of one item, ascending. */
function maskedPositions({ of, probability, span, least }: MaskContent, random: Random): number[] {
  const count = Math.min(of - 1, Math.max(least, Math.floor((probability * of) / span + random.uniform())));
  // Where there are hardly more places than spans, spans may reach beyond the end.
  const places = of - span > count ? of - span : count + 1;
  const starts = chosen(
    Array.from({ length: places }, (_, place) => place),
    count,
    random,
  );
  const isMasked = new Array<boolean>(of).fill(false);
  for (const start of starts) isMasked.fill(true, start, Math.min(of, start + span));
  return isMasked.flatMap((is, position) => (is ? [position] : []));
}

/** So many of some, drawn without putting back (Fisher and Yates). */
export function chosen(from: readonly number[], count: number, random: Random): number[] {
  const all = [...from];
  for (let at = 0; at < count; at++) {
    const other = at + random.below(all.length - at);
    [all[at], all[other]] = [all[other] ?? 0, all[at] ?? 0];
  }
  return all.slice(0, count);
}
