/** @file Settings of an encoder that is trained from scratch on the labels of a data set: the recipe `supervised` as CLMR’s thesis compares with it. */
import { AppError, formatCount, withUnit } from '../../base/index.ts';
import { ownTags, paperEpochs, pretraining } from '../../contract/index.ts';
import type { encoderSampleRates, FullEvaluationWish, ProbeHead, ScratchWish } from '../../contract/index.ts';
import type { DatasetReading } from '../../datasets/index.ts';
import { chosenEncoder, createEncoder } from '../../learn/index.ts';
import type { EncoderChoice, LabelObjectiveSettings } from '../../learn/index.ts';
import type { StoredEncoder } from '../../store/index.ts';
import { encoderSettings } from '../encoders/encoder-settings.ts';

type SampleRate = (typeof encoderSampleRates)[number];

/** Families that hear waves; the others stand upon what learnt nothing. */
const unfit: EncoderChoice['architecture'] = 'timbre-net';

/** Says of data that nothing can be learnt from scratch on. @throws AppError BAD_INPUT */
export function checkScratch(
  { supervised, indexOnly }: FullEvaluationWish,
  { dataset, task }: Pick<DatasetReading, 'dataset' | 'task'>,
): void {
  if (supervised === null || indexOnly) return;
  if (dataset === ownTags.name)
    throw new AppError(
      'BAD_INPUT',
      'Your own tags are judged fold by fold, and an encoder would be trained from scratch for each. Leave the supervised one out: the recipe “Supervised” learns your tags.',
    );
  if (task.kind === 'numbers')
    throw new AppError(
      'BAD_INPUT',
      `${task.title} asks for numbers, and an encoder is trained from scratch on tags or classes alone. Leave the supervised one out.`,
    );
  if (supervised.architecture === unfit)
    throw new AppError('BAD_INPUT', 'A timbre net stands upon timbre statistics, which learnt nothing: choose a family that hears waves.');
}

/** What is trained: what was asked for; else what the first encoder is, where it can be chosen; else SampleCNN. */
export function scratchEncoder({ architecture, sampleRate }: ScratchWish, first: StoredEncoder | null): EncoderChoice {
  const { encoder } = pretraining.recipeDefaults.supervised;
  if (architecture !== null || sampleRate !== null) {
    const chosen = pretraining.encoderDefaults[architecture ?? encoder.architecture];
    return sampleRate === null ? chosen : pretraining.withRate(chosen, sampleRate);
  }
  return (first === null ? null : choiceOf(first)) ?? encoder;
}

/** The choice that gives an encoder of the same shape; null where its family’s first values do not. */
function choiceOf(stored: StoredEncoder): EncoderChoice | null {
  const all: Readonly<Record<string, EncoderChoice>> = pretraining.encoderDefaults;
  const usual = all[stored.architecture];
  if (usual === undefined || usual.architecture === unfit) return null;
  const choice = pretraining.withRate(usual, stored.sampleRate as SampleRate);
  const text = (settings: object): string => JSON.stringify(settings);
  try {
    return text(chosenEncoder(choice).settings) === text(createEncoder(encoderSettings(stored)).settings) ? choice : null;
  } catch (error) {
    // A rate that its family cannot be chosen at.
    if (error instanceof AppError) return null;
    throw error;
  }
}

/** What it is called: with its length, since the same trained for longer is another one. */
export function scratchName({ unit, amount }: ScratchWish, choice: EncoderChoice): string {
  const { title, sampleRate } = chosenEncoder(choice);
  const isUsual = sampleRate === pretraining.encoderDefaults[choice.architecture].sampleRate;
  const rate = isUsual ? '' : `, ${formatCount(sampleRate)} Hz`;
  return `Supervised from scratch, ${title}${rate}, at most ${withUnit(Number.isInteger(amount) ? formatCount(amount) : String(amount), unit)}`;
}

/** What a training goes by. `clips`: that it learns from; `names`: of labels. */
export type ScratchParts = {
  wish: ScratchWish;
  choice: EncoderChoice;
  kind: 'tags' | 'classes';
  head: ProbeHead;
  names: readonly string[];
  folder: string;
  clips: number;
  seed: number;
};

/** Batches of 48 with Adam, or of all clips where they are fewer; the best by what validates is judged. */
export function scratchSettings({
  wish,
  choice,
  kind,
  head,
  names,
  folder,
  clips,
  seed,
}: ScratchParts): pretraining.PretrainSettings & { objective: LabelObjectiveSettings } {
  const { defaults, published } = pretraining.recipes.supervised;
  const objective = pretraining.objectiveDefaults[kind === 'classes' ? 'cross-entropy' : 'bce'];
  return {
    ...defaults,
    ...{ encoder: choice, objective: { ...objective, head }, batch: Math.min(published.batch ?? defaults.batch, clips), seed },
    length: { unit: wish.unit, amount: wish.amount },
    checkpoints: { ...defaults.checkpoints, keep: 1 },
    labels: { from: { kind: 'table', path: folder, columns: [] }, names: [...names] },
  };
}

/** Whether it was trained for less than the thesis trains: its length ended it, before that one would have. */
export function isShort({ isExhausted, epochs }: { isExhausted: boolean; epochs: number }): boolean {
  return !isExhausted && epochs < paperEpochs;
}
