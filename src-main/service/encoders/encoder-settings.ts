/** @file What a stored encoder is made from. */
import { createEncoder, findEncoder } from '../../learn/index.ts';
import type { EncoderSettings } from '../../learn/index.ts';
import type { StoredEncoder } from '../../store/index.ts';

/**
 * The settings that lie beside an encoder's weights. Encoders of libraries that were made before settings were stored are published ones, told by their
 * family and rate.
 * @throws AppError `NOT_FOUND` for a family that this version does not know
 */
export function encoderSettings({ architecture, sampleRate, settings }: StoredEncoder): EncoderSettings {
  const isStored = typeof settings === 'object' && settings !== null && 'architecture' in settings;
  return isStored ? createEncoder(settings).settings : findEncoder(architecture, sampleRate).settings;
}
