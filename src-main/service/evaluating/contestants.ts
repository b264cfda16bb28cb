/** @file What an evaluation compares: encoders as they were asked for, one that learns from the labels alone, untrained twins, and statistics that learnt nothing. */
import { AppError } from '../../base/index.ts';
import { createEncoder, embeddingOutput, mfccColumns, sizeOf, timbreStatistics } from '../../learn/index.ts';
import type { EncoderChoice } from '../../learn/index.ts';
import type { Contestant, FullEvaluationWish, Pooling } from '../../contract/index.ts';
import type { StoredEncoder } from '../../store/index.ts';
import { encoderSettings } from '../encoders/encoder-settings.ts';
import type { Encoders } from '../encoders/encoders.ts';
import { probedLayers } from './layers.ts';
import { scratchEncoder, scratchName } from './scratch-settings.ts';

/** A contestant before it was heard. `encoder`: of the person's library, null for statistics; `columns`: of a row that are taken, null: all. */
export type Entrant = {
  kind: Contestant['kind'];
  name: string;
  encoder: StoredEncoder | null;
  output: string;
  pooling: Pooling;
  columns: Int32Array | null;
  /** Outputs that are probed together; null: the one. */
  layers: string[] | null;
  /** What is trained from scratch; null for all others. */
  choice: EncoderChoice | null;
};

/** The first seed of what is drawn at random. */
export const untrainedSeed = 1;

const whole = { output: embeddingOutput, pooling: 'mean', columns: null, layers: null, choice: null } as const;

/**
 * All contestants, in the order in which they are heard.
 * @param isOfKeys whether labels are musical keys, of which chroma tells most
 * @throws AppError NOT_FOUND, BAD_INPUT for what cannot be probed
 */
export function entrantsOf(encoders: Encoders, wish: FullEvaluationWish, isOfKeys: boolean): Entrant[] {
  const asked = wish.encoders.map(({ encoderId, output, pooling }): Entrant => {
    const found = encoders.computing(encoderId, output === null ? undefined : { output, pooling });
    if (found.baseEncoderId !== null && found.space === null)
      throw new AppError('BAD_INPUT', `${found.name} is the head of an encoder. Evaluate the encoder itself.`);
    const encoder = encoders.baseOf(found);
    const space = found.space ?? { output: output ?? embeddingOutput, pooling };
    if (wish.layers !== 'one' && (output !== null || found.space !== null))
      throw new AppError('BAD_INPUT', `An output of ${encoder.name} is named, and several layers are asked for. Take one or the other.`);
    return { kind: 'encoder', name: encoder.name, encoder, ...space, columns: null, layers: layersOf(encoder, wish), choice: null };
  });
  const supervised = supervisedOf(wish, asked);
  if (!wish.baselines) {
    if (asked.length + supervised.length === 0)
      throw new AppError('BAD_INPUT', 'There is nothing to evaluate. Name an encoder, or take the baselines along.');
    return [...asked, ...supervised];
  }
  const drawn = asked.filter(({ encoder }) => encoder !== null && hasWeights(encoder));
  const twins = drawn.map(({ encoder, ...entrant }): Entrant => ({
    ...entrant,
    kind: 'untrained',
    encoder,
    name: `Untrained, as ${entrant.name}`,
  }));
  const isStatistics = ({ encoder, output }: Entrant): boolean => encoder?.architecture === timbreStatistics && output === embeddingOutput;
  const statistics: Entrant[] = asked.some(isStatistics)
    ? []
    : [{ kind: 'statistics', name: 'Timbre statistics', encoder: null, ...whole }];
  const columns = Int32Array.from(mfccColumns);
  return [
    ...asked,
    ...supervised,
    ...oncePerTwin(twins),
    ...statistics,
    { ...whole, kind: 'cepstra', name: '20 mel cepstral coefficients', encoder: null, columns },
    ...(isOfKeys ? [{ ...whole, kind: 'chroma' as const, name: 'Chroma', encoder: null }] : []),
  ];
}

/** What is trained from scratch, where that is asked for; hearing alone trains nothing. */
function supervisedOf({ supervised, indexOnly }: FullEvaluationWish, asked: readonly Entrant[]): Entrant[] {
  if (supervised === null || indexOnly) return [];
  const choice = scratchEncoder(supervised, asked[0]?.encoder ?? null);
  return [{ ...whole, kind: 'supervised', name: scratchName(supervised, choice), encoder: null, choice }];
}

/** Null where there is one output alone, as of statistics. */
function layersOf(encoder: StoredEncoder, { layers }: FullEvaluationWish): string[] | null {
  if (layers === 'one' || createEncoder(encoderSettings(encoder)).outputs.length === 1) return null;
  return probedLayers(encoder, layers);
}

/** Weights that a person learnt or fetched; drawn ones are their own twin, and imported graphs cannot be drawn anew. */
function hasWeights({ source, architecture, ...encoder }: StoredEncoder): boolean {
  const own = createEncoder(encoderSettings({ source, architecture, ...encoder }));
  return source !== 'untrained' && architecture !== 'onnx' && architecture !== 'concepts' && own.parameters().length > 0;
}

/** Encoders of one shape have one twin. */
function oncePerTwin(twins: readonly Entrant[]): Entrant[] {
  const known = new Map<string, Entrant>();
  for (const twin of twins) {
    const { encoder, output, pooling } = twin;
    const key = JSON.stringify([encoder === null ? null : encoderSettings(encoder), output, pooling]);
    if (!known.has(key)) known.set(key, twin);
  }
  return [...known.values()];
}

/** How many numbers an encoder learnt. */
export function parametersOf(encoder: StoredEncoder): number {
  return createEncoder(encoderSettings(encoder))
    .parameters()
    .reduce((sum, { shape, isTrained }) => sum + (isTrained ? sizeOf(shape) : 0), 0);
}
