/** @file Concepts and neurons as examples of a query: directions that are added to it, found by number or by name. */
import { usualStrength } from '../../../src-main/contract/index.ts';
import type { EncoderId, LearntConcepts } from '../../../src-main/contract/index.ts';
import type { Action } from '../../lib/keys.ts';
import { bestMatches } from '../../lib/search.ts';
import { attempt, encoders } from '../../state/app.svelte.ts';
import { concepts } from '../../state/inspecting.svelte.ts';
import { features } from '../../state/listening.svelte.ts';
import { neuronWords, similarQuery } from '../../state/retrieval.svelte.ts';
import { strengthNote } from '../../state/similar-query.svelte.ts';
import type { Example } from '../../state/similar-query.svelte.ts';
import type { MenuEntry } from '../../ui/menu-entry.ts';
import type { TypeAheadItem } from '../../ui/type-ahead.ts';
import { moreLike } from './similar-actions.ts';

/** Strengths that are offered. */
const strengths = [0.25, 0.5, 1, 2];
const mostOffered = 3;

/** What can be picked as a direction. */
export type DirectionOffer = TypeAheadItem & { example: Example };

/** The concepts that were learnt last of the chosen space; undefined where none were, or nobody knows yet. */
export function conceptsHere(): LearntConcepts | undefined {
  return concepts.list?.find(({ baseId }) => baseId === encoders.current?.id);
}

/** Fetches which concepts there are, and what they are called. */
export async function loadConceptWords(): Promise<void> {
  if (concepts.list === null) await concepts.load();
  const learnt = conceptsHere();
  if (learnt !== undefined) await neuronWords.load(learnt.encoderId);
}

/** A concept as an example. */
export function conceptExample(encoderId: EncoderId, concept: number): Example {
  const name = neuronWords.of(encoderId, concept)?.text ?? '';
  const label = name === '' ? `Concept ${concept}` : `Concept ${concept}: ${name}`;
  return { item: { kind: 'concept', encoderId, concept, strength: usualStrength }, label, note: strengthNote(usualStrength) };
}

/** A neuron of the chosen space as an example. */
export function neuronExample(encoderId: EncoderId, feature: number): Example {
  const name = neuronWords.of(encoderId, feature)?.text ?? features.about(feature);
  const label = name === '' ? `Neuron ${feature}` : `Neuron ${feature}: ${name}`;
  return { item: { kind: 'neuron', encoderId, feature, strength: usualStrength }, label, note: strengthNote(usualStrength) };
}

/** Directions that are meant by what is typed: “concept 12”, “neuron 5”, or words of a concept’s name. */
export function directionOffers(typed: string): DirectionOffer[] {
  const encoder = encoders.current;
  const learnt = conceptsHere();
  if (encoder === null || typed.trim() === '') return [];
  const [, word = '', digits = ''] = /^\s*(concept|neuron|feature)\s+(\d{1,5})\s*$/i.exec(typed) ?? [];
  if (digits !== '') {
    const number = Number(digits);
    const isConcept = word.toLowerCase() === 'concept';
    if (isConcept && learnt !== undefined && number < learnt.latents) return [offerOf(conceptExample(learnt.encoderId, number))];
    return !isConcept && number < encoder.dimensions ? [offerOf(neuronExample(encoder.id, number))] : [];
  }
  if (learnt === undefined) return [];
  const named = [...neuronWords.all(learnt.encoderId)].map(([number]) => conceptExample(learnt.encoderId, number));
  return bestMatches(named, typed, ({ label }) => label, mostOffered).map(offerOf);
}

function offerOf(example: Example): DirectionOffer {
  const { item, label } = example;
  return {
    id: item.kind === 'concept' ? `concept-${item.concept}` : `neuron-${label}`,
    label,
    note: 'more of it',
    icon: 'neuron',
    example,
  };
}

/** What the palette finds for “concept 12”: more of it in Similar. */
export function directionsCalled(typed: string): Action[] {
  if (/^\s*concept\b/i.test(typed) && concepts.list === null) attempt(loadConceptWords());
  return directionOffers(typed)
    .filter(() => /^\s*(concept|neuron|feature)\b/i.test(typed))
    .map(({ id, label, example }) => ({
      ...{ id: `similar.${id}`, label: `More of ${label.charAt(0).toLowerCase()}${label.slice(1)}`, group: 'Similar', keys: [] },
      run: () => attempt(moreLike(() => [example])),
    }));
}

/** How much of a direction there is, as entries of its chip’s menu. */
export function strengthEntries(example: Example): MenuEntry[] {
  const { item } = example;
  if (item.kind !== 'concept' && item.kind !== 'neuron') return [];
  return strengths.map((strength, at) => ({
    label: `Strength ${strength}`,
    ...(item.strength === strength ? { icon: 'check' as const } : {}),
    separated: at === 0,
    run: () => similarQuery.setStrength(example, strength),
  }));
}

/** Changes a direction’s strength by a key: a step up or down. True when the key was one of these. */
export function strengthKey(example: Example, key: string): boolean {
  const { item } = example;
  const step = key === '+' || key === '=' ? 0.25 : key === '-' ? -0.25 : 0;
  if (step === 0 || (item.kind !== 'concept' && item.kind !== 'neuron')) return false;
  similarQuery.setStrength(example, item.strength + step);
  return true;
}
