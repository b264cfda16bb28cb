/** @file Protocols by which frozen encoders are probed, each as its paper or its code says. Pure. */
import type { OptimizerSettings } from '../optimizers/settings.ts';
import type { ProbeKind, ProbeReading, ProbeTrial } from './trial.ts';

export const protocolNames = ['clmr', 'clmr-released', 'vicmus', 'marble', 'marble-v2', 'jukemir'] as const;
export type ProtocolName = (typeof protocolNames)[number];

export const probeHeads = ['linear', 'mlp'] as const;
export type ProbeHead = (typeof probeHeads)[number];

/** Which layers of an encoder are probed: one, every one (the best on what is validated is judged), or a sum of them with learnt weights. */
export const layerUses = ['one', 'every', 'sum'] as const;
export type LayerUse = (typeof layerUses)[number];

/** What is probed, as far as a protocol hangs on it. */
export type ProbedTask = { dataset: string; task: string; kind: ProbeKind };

/** A protocol. `heads`, `layers`: those that it knows, the first one is taken where none is asked for. */
export type Protocol = {
  title: string;
  source: string;
  about: string;
  heads: readonly ProbeHead[];
  layers: readonly LayerUse[];
  reading: ProbeReading;
  /** The probes that are tried; of several the one that does best on what is validated is judged. None for a task that it says nothing of. */
  trials(task: ProbedTask, head: ProbeHead): ProbeTrial[];
};

const hiddenUnits = 512;
const hiddenOf = (head: ProbeHead): number | null => (head === 'mlp' ? hiddenUnits : null);

function adam(weightDecay: number): OptimizerSettings {
  return { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay };
}

const clmr: Protocol = {
  title: 'CLMR, as run',
  source: 'Spijkervet 2021, chapter 5; the code by which its figures were made',
  about:
    'One segment of each clip an epoch, Adam at 0.0003, batches of 2 048, ends after 3 epochs without a better average precision; a clip’s logits are averaged.',
  heads: ['linear', 'mlp'],
  layers: ['one'],
  reading: { taughtBy: 'random', judgedBy: 'logits', isLastDropped: false },
  trials: (_, head) => [
    {
      ...{ hidden: hiddenOf(head), dropout: 0, isStandardised: false, optimizer: adam(1e-6), learningRate: 3e-4 },
      ...{ schedule: { kind: 'constant' }, batch: 2048, mostEpochs: 200, evaluatedEvery: null, patience: 3, watched: 'score' },
    },
  ],
};

const clmrReleased: Protocol = {
  title: 'CLMR, as released',
  source: 'Spijkervet and Burgoyne 2021, released code',
  about:
    'One segment of each clip an epoch, Adam at 0.001 (a tenth after 5 epochs without a lower loss), batches of 48, ends after 10; a clip’s probabilities are averaged, its last segment is dropped.',
  heads: ['linear', 'mlp'],
  layers: ['one'],
  reading: { taughtBy: 'random', judgedBy: 'probabilities', isLastDropped: true },
  trials: (_, head) => [
    {
      ...{ hidden: hiddenOf(head), dropout: 0, isStandardised: false, optimizer: adam(1e-6), learningRate: 1e-3 },
      ...{ schedule: { kind: 'plateau', factor: 0.1, patience: 5 }, batch: 48, mostEpochs: 200 },
      ...{ evaluatedEvery: null, patience: 10, watched: 'loss' },
    },
  ],
};

/** Peak rate and epochs of the three tasks that VICMus's code names; null for others. */
function vicmusRate({ dataset, task, kind }: ProbedTask): { learningRate: number; mostEpochs: number } | null {
  if (kind === 'tags') return { learningRate: 0.8, mostEpochs: 100 };
  if (dataset !== 'nsynth') return null;
  return task === 'pitch' ? { learningRate: 0.03, mostEpochs: 50 } : { learningRate: 0.3, mostEpochs: 50 };
}

const vicmus: Protocol = {
  title: 'VICMus',
  source: 'Löf et al. 2024, released code',
  about:
    'Linear, SGD with momentum 0.9 along a cosine, batches of 2 048, rate and epochs by task (0.8 and 100 for tags; NSynth: 0.3 for instruments, 0.03 for pitch, 50); a clip’s logits are averaged.',
  heads: ['linear'],
  layers: ['one'],
  reading: { taughtBy: 'random', judgedBy: 'logits', isLastDropped: false },
  trials: (task) => {
    const rate = vicmusRate(task);
    if (rate === null) return [];
    return [
      {
        ...{ hidden: null, dropout: 0, isStandardised: false, ...rate },
        ...{ optimizer: { kind: 'sgd', momentum: 0.9, nesterov: false, weightDecay: 1e-4 }, schedule: { kind: 'cosine' } },
        ...{ batch: 2048, evaluatedEvery: null, patience: null, watched: 'score' },
      },
    ];
  },
};

/** MARBLE, appendix A: rates of the constrained track. */
const marbleRates = [5e-5, 1e-4, 5e-4, 1e-3, 5e-3, 1e-2];

const marble: Protocol = {
  title: 'MARBLE, constrained',
  source: 'Yuan et al. 2023, appendix A; version 1 of its code',
  about:
    'A hidden layer of 512 units, dropout 0.2, Adam at six rates from 0.00005 to 0.01, batches of 64; one layer, every layer or a weighted sum; the best on what is validated is judged; a clip’s logits are averaged.',
  heads: ['mlp'],
  layers: layerUses,
  reading: { taughtBy: 'all', judgedBy: 'logits', isLastDropped: false },
  trials: ({ dataset }) =>
    marbleRates.map((learningRate) => ({
      ...{ hidden: hiddenUnits, dropout: 0.2, isStandardised: false, optimizer: adam(0), learningRate },
      ...{ schedule: { kind: 'plateau', factor: 0.5, patience: 5 }, batch: 64, mostEpochs: dataset === 'nsynth' ? 50 : 100 },
      ...{ evaluatedEvery: null, patience: 10, watched: 'score' },
    })),
};

const marbleV2: Protocol = {
  title: 'MARBLE, version 2',
  source: 'Yuan et al., version 2 of its code',
  about:
    'A hidden layer of 512 units, dropout 0.2, Adam at 0.001 (GTZAN: 0.005), halved on a plateau, at most 50 epochs; one layer, every layer or a weighted sum; a file’s logits are averaged.',
  heads: ['mlp'],
  layers: layerUses,
  reading: { taughtBy: 'all', judgedBy: 'logits', isLastDropped: false },
  trials: ({ dataset }) => [
    {
      ...{ hidden: hiddenUnits, dropout: 0.2, isStandardised: false, optimizer: adam(0), learningRate: dataset === 'gtzan' ? 5e-3 : 1e-3 },
      ...{ schedule: { kind: 'plateau', factor: 0.5, patience: 5 }, batch: 64, mostEpochs: 50 },
      ...{ evaluatedEvery: null, patience: 20, watched: 'score' },
    },
  ],
};

/** JukeMIR's grid: 2 · 2 · 2 · 3 · 3 · 3 settings, of which dropout is idle without a hidden layer. */
function jukemirTrials(head: ProbeHead): ProbeTrial[] {
  const grid: ProbeTrial[] = [];
  for (const isStandardised of [false, true])
    for (const batch of [64, 256])
      for (const learningRate of [1e-5, 1e-4, 1e-3])
        for (const dropout of head === 'mlp' ? [0.25, 0.5, 0.75] : [0])
          for (const weightDecay of [0, 1e-4, 1e-3])
            grid.push({
              ...{ hidden: hiddenOf(head), dropout, isStandardised, optimizer: adam(weightDecay), learningRate, batch },
              ...{ schedule: { kind: 'constant' }, mostEpochs: 2000, evaluatedEvery: 8, patience: 256, watched: 'score' },
            });
  return grid;
}

const jukemir: Protocol = {
  title: 'JukeMIR',
  source: 'Castellon et al. 2021, released code',
  about:
    'The mean of a clip’s segments; a grid of standardising, batch, rate, dropout and penalty, Adam, evaluated every 8 steps, ends after 256 evaluations without a better score; the best on what is validated is judged. Without a hidden layer dropout does nothing, so that 36 probes stand for the paper’s 108.',
  heads: ['mlp', 'linear'],
  layers: ['one'],
  reading: { taughtBy: 'mean', judgedBy: 'mean', isLastDropped: false },
  trials: (_, head) => jukemirTrials(head),
};

/** Every protocol by its name. */
export const protocols: Readonly<Record<ProtocolName, Protocol>> = {
  clmr,
  'clmr-released': clmrReleased,
  vicmus,
  marble,
  'marble-v2': marbleV2,
  jukemir,
};
