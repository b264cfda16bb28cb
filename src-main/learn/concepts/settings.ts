/** @file Settings of a sparse autoencoder over an index, declared once. Pure. */
import { number, whole } from '../../base/settings.ts';
import type { ValueOf } from '../../base/settings.ts';

/** What a person chooses. */
export const conceptSettings = {
  latents: whole(1024, {
    title: 'Concepts',
    unit: 'concepts',
    about: 'How many are looked for. More are finer, and more of them stay silent in a small library.',
    source: 'Earmark, measured',
    least: 8,
    most: 16_384,
  }),
  active: whole(16, {
    title: 'At a time',
    unit: 'concepts',
    about: 'How many make up a segment on average. Fewer are easier to understand; more leave less of the sound unexplained.',
    source: 'Bussmann, Leask and Nanda 2024, section 4: 32 to 80 for language models, whose vectors are longer',
    least: 1,
    most: 512,
  }),
  steps: whole(2000, {
    title: 'Steps',
    unit: 'steps',
    about: 'How long is learnt, in batches of up to 1 024 segments.',
    source: 'Earmark, measured',
    least: 1,
    most: 1_000_000,
  }),
  learningRate: number(1e-3, {
    title: 'Learning rate',
    about: 'How far a step goes; it falls to nothing over the last fifth of the steps.',
    source: 'Earmark, measured; Bussmann, Leask and Nanda 2024: 0.0003 for far more steps',
    least: 1e-6,
    most: 0.1,
  }),
  seed: whole(1, {
    title: 'Seed',
    about: 'Decides the first weights and the order of segments. The same seed gives the same concepts.',
    source: 'Earmark',
    least: 0,
    most: 2_147_483_647,
  }),
};

/** How concepts are learnt. */
export type ConceptSettings = ValueOf<typeof conceptSettings>;

/** Segments of a batch at most; dead is what was silent for so many steps; how much the second loss counts (Gao et al. 2024, appendix A.2: 1/32). */
export const [mostBatch, deadAfterSteps, auxiliaryShare] = [1024, 100, 1 / 32] as const;
/** Adam's settings (Bussmann, Leask and Nanda 2024 keep PyTorch's). */
export const conceptAdam = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 } as const;
/** The last part of the steps, in which the rate falls to nothing. */
const decayShare = 0.2;

/** The rate of a step, counted from 0: as it was chosen, then falling in a straight line. */
export function conceptRate({ steps, learningRate }: Pick<ConceptSettings, 'steps' | 'learningRate'>, step: number): number {
  const decaySteps = steps * decayShare;
  return learningRate * Math.min(1, (steps - step) / Math.max(1, decaySteps));
}

/** Dead latents that a segment revives at most: about half as many as its vector is long (Gao et al. 2024, appendix A.2). */
export function mostRevived(dimensions: number, latents: number): number {
  return Math.max(1, Math.min(latents, Math.floor(dimensions / 2)));
}
