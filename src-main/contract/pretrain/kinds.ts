/** @file What a setting with several kinds holds at first when a person changes its kind. */
import { usualOf } from '../../base/settings.ts';
import type { Kinds, KindValue } from '../../base/settings.ts';
import { encoderChoices, objectiveSettings, optimizerSettings } from '../../learn/about.ts';
import type { EncoderChoice, publishedRates } from '../../learn/about.ts';

/** By kind. */
type FirstValues<Key extends string, Declared extends Kinds> = {
  readonly [Kind in keyof Declared & string]: Extract<KindValue<Key, Declared>, Record<Key, Kind>>;
};

function firstValues<Key extends string, Declared extends Kinds>(key: Key, kinds: Declared): FirstValues<Key, Declared> {
  const all = Object.entries(kinds).map(([kind, declared]) => [kind, { [key]: kind, ...usualOf(declared) }]);
  return Object.fromEntries(all) as FirstValues<Key, Declared>;
}

export const encoderDefaults = firstValues('architecture', encoderChoices);
export const objectiveDefaults = firstValues('kind', objectiveSettings);
export const optimizerDefaults = firstValues('kind', optimizerSettings);

/** An encoder at another rate; one whose family has a single rate stays as it is. */
export function withRate(encoder: EncoderChoice, sampleRate: (typeof publishedRates)[number]): EncoderChoice {
  return encoder.architecture === 'timbre-net' ? encoder : { ...encoder, sampleRate };
}
