/** @file The learning rate at a step: the rule by batch size, the warm-up, and what follows it. */

/** What the rate depends on. */
export type RateSettings = {
  learningRate: number;
  /** `linear`: times batch / 256 (Goyal et al. 2017; CLMR's code). `square-root`: times √batch (SimCLR, appendix B.1; CLMR's thesis). */
  rateRule: 'fixed' | 'linear' | 'square-root';
  batch: number;
  /** `rise-cosine`: rises for a share of the run, then falls along half a cosine. `tri-stage`: rises from a hundredth, stays, falls exponentially (Park et al. 2019; fairseq). `plateau`: constant here; what held-out tracks say lowers it. */
  kind: 'constant' | 'cosine' | 'rise-cosine' | 'tri-stage' | 'plateau';
  warmupEpochs: number;
  /** Where the fall ends, as a share of the peak. */
  finalShare: number;
  /** How much of the run the rise is, where it is a share, and of three stages the last. */
  riseShare: number;
  fallShare: number;
};

/** The highest rate of a run. */
export function peakRate({ learningRate, rateRule, batch }: Pick<RateSettings, 'learningRate' | 'rateRule' | 'batch'>): number {
  if (rateRule === 'linear') return (learningRate * batch) / 256;
  return rateRule === 'square-root' ? learningRate * Math.sqrt(batch) : learningRate;
}

/**
 * The rate at a step.
 * @param epoch how far the run is, in epochs, before this step
 * @param share how far the run is, from 0 to 1, before this step
 * @param warmupShare how much of the run the warm-up is
 */
export function rateAt(
  settings: RateSettings,
  { epoch, share, warmupShare }: { epoch: number; share: number; warmupShare: number },
): number {
  const peak = peakRate(settings);
  if (settings.kind === 'tri-stage') return peak * stagesAt(settings, share);
  if (settings.kind === 'rise-cosine') return peak * risenAndFallen(settings, share);
  if (epoch < settings.warmupEpochs) return (peak * epoch) / settings.warmupEpochs;
  if (settings.kind === 'constant' || settings.kind === 'plateau') return peak;
  return peak * cosineAt(settings, (share - warmupShare) / Math.max(1e-9, 1 - warmupShare));
}

/** Half a cosine from 1 to the final share. @param progress of the fall; what is beyond 0 and 1 counts as these */
function cosineAt({ finalShare }: Pick<RateSettings, 'finalShare'>, progress: number): number {
  const falling = (1 + Math.cos(Math.PI * Math.min(1, Math.max(0, progress)))) / 2;
  return finalShare + (1 - finalShare) * falling;
}

function risenAndFallen(settings: RateSettings, share: number): number {
  const { riseShare } = settings;
  return share < riseShare ? share / riseShare : cosineAt(settings, (share - riseShare) / Math.max(1e-9, 1 - riseShare));
}

/** Where the first of three stages begins, as a share of the peak. */
const risesFrom = 0.01;

function stagesAt({ riseShare, fallShare, finalShare }: RateSettings, share: number): number {
  if (share < riseShare) return risesFrom + ((1 - risesFrom) * share) / riseShare;
  const fallen = share - (1 - fallShare);
  return fallen <= 0 ? 1 : finalShare ** Math.min(1, fallen / fallShare);
}
