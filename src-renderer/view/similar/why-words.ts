/** @file Why results are near, in words: neurons by what they are called, and by their numbers where nobody knows. */
import type { Contribution } from '../../../src-main/contract/index.ts';
import { encoders } from '../../state/app.svelte.ts';
import type { NeuronWord } from '../../lib/neuron-word.ts';
import { features } from '../../state/listening.svelte.ts';
import { neuronWords } from '../../state/retrieval.svelte.ts';

/** Neurons that a sentence names. */
const mostNamed = 3;

/** What a neuron of the chosen space is called; null where nobody knows. */
export function wordOf(feature: number): NeuronWord | null {
  const written = features.about(feature);
  return written === '' ? neuronWords.of(encoders.current?.id ?? null, feature) : { text: written, auroc: null };
}

/** A neuron in a sentence: `“piano” (neuron 5)`, `neuron 5`. */
function named(feature: number): string {
  const word = wordOf(feature);
  return word === null ? `neuron ${feature}` : `“${word.text}” (neuron ${feature})`;
}

/** What two things have most in common, in a sentence; empty where nothing adds to their likeness. @param parts the largest first */
export function alikeSentence(parts: readonly Contribution[]): string {
  const names = parts
    .filter(({ contribution }) => contribution > 0)
    .slice(0, mostNamed)
    .map(({ feature }) => named(feature));
  const last = names.pop();
  if (last === undefined) return '';
  return `Most alike in ${names.length === 0 ? last : `${names.join(', ')} and ${last}`}.`;
}
