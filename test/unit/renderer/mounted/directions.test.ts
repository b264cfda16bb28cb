// @vitest-environment happy-dom
/** @file Concepts and neurons in Similar as it is mounted: found by number and name, with a strength, and in words why results are near. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { EncoderId } from '../../../../src-main/contract/index.ts';
import { encoders, settings } from '../../../../src-renderer/state/app.svelte.ts';
import { concepts } from '../../../../src-renderer/state/inspecting.svelte.ts';
import { neuronWords, similarMemory, similarQuery } from '../../../../src-renderer/state/retrieval.svelte.ts';
import { directionOffers, directionsCalled, loadConceptWords } from '../../../../src-renderer/view/similar/directions.ts';
import ExampleRow from '../../../../src-renderer/view/similar/ExampleRow.svelte';
import { alikeSentence, wordOf } from '../../../../src-renderer/view/similar/why-words.ts';
import { act, show } from '../../../support/mount.svelte.ts';
import { answers, timesAsked } from '../../../support/page-client.ts';

vi.mock('../../../../src-renderer/client/index.ts', () => import('../../../support/page-client.ts'));

const neuron = (number: number, change: object = {}): object => ({
  number,
  note: '',
  label: '',
  names: [],
  ...change,
});
const piano = {
  kind: 'tag',
  name: 'piano',
  auroc: 0.93,
  low: 0.8,
  high: 0.97,
  tracks: 12,
};

beforeEach(async () => {
  const index = { tracks: 3, segments: 10, hopSamples: 1, waiting: 0 };
  answers['encoders.list'] = () => [
    {
      id: 1,
      name: 'CLMR',
      origin: 'a file',
      architecture: 'sample-cnn',
      dimensions: 64,
      index,
      run: null,
      tagSet: null,
      spaces: [],
    },
  ];
  answers['settings.get'] = () => ({ encoderId: 1 });
  answers['inspect.concepts'] = () => [
    {
      ...{ encoderId: 8, name: 'Others', baseId: 2, latents: 9 },
      ...{ dead: 0, active: 1, explained: 0.5, segments: 10 },
    },
    {
      ...{ encoderId: 7, name: 'Concepts of CLMR', baseId: 1, latents: 32 },
      ...{ dead: 0, active: 1, explained: 0.5, segments: 10 },
    },
  ];
  answers['inspect.neurons'] = ({ encoderId }: { encoderId: number }) => ({
    encoderId,
    neurons:
      encoderId === 7
        ? [neuron(12, { names: [piano] }), neuron(13, { note: 'a slow pad' })]
        : [neuron(5, { names: [{ ...piano, kind: 'genre' }] }), neuron(6)],
  });
  await Promise.all([settings.load(), encoders.load(), similarMemory.load(), concepts.load()]);
  similarQuery.clear();
});

describe('concepts and neurons as examples', () => {
  it('are found by number and by name, of the space that is chosen', async () => {
    await loadConceptWords();
    expect(directionOffers('concept 12').map(({ label }) => label)).toEqual(['Concept 12: piano']);
    expect(directionOffers('concept 13')[0]?.example.item).toEqual({
      kind: 'concept',
      encoderId: 7,
      concept: 13,
      strength: 0.5,
    });
    expect(directionOffers('slow').map(({ label }) => label)).toEqual(['Concept 13: a slow pad']);
    expect([directionOffers('concept 32'), directionOffers('neuron 64'), directionOffers('')]).toEqual([[], [], []]);
    expect(directionOffers('neuron 5')[0]?.example.item).toEqual({
      kind: 'neuron',
      encoderId: 1,
      feature: 5,
      strength: 0.5,
    });
    expect(directionsCalled('concept 12').map(({ label }) => label)).toEqual(['More of concept 12: piano']);
    expect(directionsCalled('12')).toEqual([]);
  });

  it('have a strength that keys and the chip’s menu change, and the query says it', async () => {
    await loadConceptWords();
    const [offer] = directionOffers('concept 12');
    similarQuery.add('like', offer === undefined ? [] : [offer.example]);
    const { place, control } = show(ExampleRow as never, { side: 'like' } as never);
    expect(place.textContent).toContain('×0.5');
    const chip = control('Concept 12: piano, ×0.5');
    const press = (key: string): void =>
      act(() =>
        chip.dispatchEvent(
          new KeyboardEvent('keydown', {
            key,
            bubbles: true,
            cancelable: true,
          }),
        ),
      );
    press('+');
    expect(place.textContent).toContain('×0.75');
    press('-');
    press('-');
    press('-');
    expect(place.textContent).toContain('×0.05');
    const like = similarQuery.forEncoder(1 as EncoderId)?.like;
    expect(like).toEqual([{ kind: 'concept', encoderId: 7, concept: 12, strength: 0.05 }]);
    act(() => similarQuery.setStrength(similarQuery.like[0] as never, 99));
    expect(similarQuery.like[0]).toMatchObject({
      item: { strength: 4 },
      note: '×4',
    });
    press('Delete');
    expect(similarQuery.like).toEqual([]);
  });
});

describe('why results are near', () => {
  it('is said by names that neurons earned, or by their numbers', async () => {
    expect(alikeSentence([{ feature: 6, contribution: 0.2 }])).toBe('Most alike in neuron 6.');
    await neuronWords.load(1 as EncoderId);
    const before = timesAsked('inspect.neurons');
    await neuronWords.load(1 as EncoderId);
    expect(timesAsked('inspect.neurons')).toBe(before);
    expect(wordOf(5)).toEqual({ text: 'genre piano', auroc: 0.93 });
    const parts = [5, 6, 7, 8].map((feature, at) => ({
      feature,
      contribution: 0.4 - 0.1 * at,
    }));
    expect(alikeSentence(parts)).toBe('Most alike in “genre piano” (neuron 5), neuron 6 and neuron 7.');
    expect(alikeSentence([{ feature: 5, contribution: -0.1 }])).toBe('');
  });
});
