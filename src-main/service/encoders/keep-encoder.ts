/** @file Makes weights an encoder of the library; the same weights a second time, heard in the same way, are the same encoder. */
import { encoderMetadata, hashWeights, writeSafetensorsFile } from '../../compute/index.ts';
import { createEncoder } from '../../learn/index.ts';
import type { EncoderSettings, WeightArrays } from '../../learn/index.ts';
import type { NewEncoder, StoredEncoder } from '../../store/index.ts';
import type { Tools } from '../tools.ts';
import { encoderSettings } from './encoder-settings.ts';

/** What is kept, under which name. `isChosen`: it becomes the chosen encoder even where another is. */
export type KeptEncoder = {
  settings: EncoderSettings;
  weights: WeightArrays;
  about: Pick<NewEncoder, 'name' | 'source' | 'origin'>;
  isChosen: boolean;
};

/** The encoder of the library that has these weights and settings; null without one. */
export function knownEncoder(
  { store }: Pick<Tools, 'store'>,
  { settings, weights }: Pick<KeptEncoder, 'settings' | 'weights'>,
): StoredEncoder | null {
  const same = createEncoder(settings).settings;
  return store.encoders.withWeights(hashWeights(weights)).find((one) => isSame(encoderSettings(one), same)) ?? null;
}

/** Stores an encoder and its weights. @throws AppError NOT_FOUND for an unknown architecture, DISK_FULL */
export async function keepEncoder({ store, events }: Pick<Tools, 'store' | 'events'>, kept: KeptEncoder): Promise<StoredEncoder> {
  const { settings: given, architecture, sampleRate, cropSamples, dimensions } = createEncoder(kept.settings);
  const weightsSha256 = hashWeights(kept.weights);
  const known = knownEncoder({ store }, kept);
  const before = known === null ? null : encoderSettings(known);
  // A version that looked for none may have brought it.
  const isRicher = before === null || innerOf(given) > innerOf(before);
  const settings = isRicher ? given : before;
  if (known !== null && isRicher) store.encoders.setSettings(known.id, settings);
  const encoder =
    known ?? store.encoders.add({ ...kept.about, architecture, settings, sampleRate, cropSamples, dimensions, weightsSha256 });
  if (known !== null && known.removedAt !== null) store.encoders.restore(known.id);
  // The row comes first: a crash in between leaves an encoder whose weights the next attempt brings.
  await writeSafetensorsFile(store.paths.weights(encoder.id), kept.weights, encoderMetadata(settings));
  const hasNone = store.settings.get().encoderId === null;
  if (hasNone || (kept.isChosen && known === null)) store.settings.set({ encoderId: encoder.id });
  events.emit({ type: 'settings.changed' });
  events.emit({ type: 'encoders.changed' });
  return store.encoders.get(encoder.id);
}

/** How many values inside an ONNX model its settings offer. */
function innerOf({ inner }: EncoderSettings): number {
  return Array.isArray(inner) ? inner.length : 0;
}

/** Weights of CPC and ResNet fit every sample rate: what else is set decides what they hear. Which values of an ONNX model are offered decides nothing. */
function isSame(one: EncoderSettings, other: EncoderSettings): boolean {
  const text = (settings: EncoderSettings): string => JSON.stringify({ ...settings, inner: undefined });
  return text(one) === text(other);
}
