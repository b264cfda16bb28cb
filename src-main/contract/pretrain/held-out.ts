/** @file What is shown of held-out tracks: of the step that an encoder comes from. Pure. */
import type { Checkpoint, HeldOut } from './runs.ts';
import type { PretrainSettings } from './settings.ts';

/** What held-out tracks said at the best step where that is the wanted one and it is known; else the last time. */
export function heldOutAt(heldOut: HeldOut, step: number | null): HeldOut {
  const { best } = heldOut;
  return best.step !== step || best.figures === undefined ? heldOut : { ...heldOut, step: best.step, loss: best.loss, ...best.figures };
}

/** What tells where an encoder comes from. */
export type EncoderPlace = { settings: Pick<PretrainSettings, 'checkpoints'>; checkpoints: readonly Pick<Checkpoint, 'step' | 'isBest'>[] };

/** The step of the checkpoint that becomes a run's encoder at its end: the best by held-out tracks where these decide, else the last. Null without any. */
export function encoderStep({ settings, checkpoints }: EncoderPlace): number | null {
  const best = settings.checkpoints.best === 'held-out' ? checkpoints.find(({ isBest }) => isBest) : undefined;
  return (best ?? checkpoints.at(-1))?.step ?? null;
}

/** Words for what was not learnt by the run and stands beside it. */
export const cepstralWords = {
  title: 'MFCC',
  means:
    'Mean and deviation over time of 20 mel-frequency cepstral coefficients of the same tracks, with the same linear head: what needs no learnt encoder.',
} as const;
