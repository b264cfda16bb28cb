/**
 * @file How decoded audio is kept: 16-bit numbers over twice full scale, since lossy formats decode beyond it. The step is 6·10⁻⁵, some 96 dB below
 * full scale. Crops that are decoded where they are taken go through the same rounding, so that a run does not depend on what was cached.
 */

/** What one is in the kept numbers. */
const one = 16_384;

/** Rounds samples to what is kept; louder than twice full scale is cut. */
export function toKept(samples: Float32Array): Int16Array {
  const kept = new Int16Array(samples.length);
  for (let i = 0; i < samples.length; i++) kept[i] = Math.max(-32_768, Math.min(32_767, Math.round((samples[i] ?? 0) * one)));
  return kept;
}

/** Samples from what is kept. */
export function fromKept(kept: Int16Array): Float32Array<ArrayBuffer> {
  const samples = new Float32Array(kept.length);
  for (let i = 0; i < kept.length; i++) samples[i] = (kept[i] ?? 0) / one;
  return samples;
}
