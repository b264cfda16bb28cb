/** @file Which patches of a batch are looked at: as many of every item, all equally likely, others in each (Yonay, Hammond and Yang 2025, section 3.2). */
import type { Random } from '../../base/index.ts';
import type { BatchPart } from '../../learn/index.ts';
import { chosen } from './masks.ts';

type PatchContent = Extract<BatchPart['content'], { kind: 'patches' }>;

/** @returns `[batch, kept]`: numbers of patches, ascending */
export function drawPatches({ of, kept }: PatchContent, batch: number, random: Random): Float32Array {
  const all = Array.from({ length: of }, (_, patch) => patch);
  const items = Array.from({ length: batch }, () => chosen(all, kept, random).toSorted((a, b) => a - b));
  return Float32Array.from(items.flat());
}
