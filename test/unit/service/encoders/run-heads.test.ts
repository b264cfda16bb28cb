/** @file The head beside an encoder: whose names its tags have. */
import { expect, it } from 'vitest';
import { hashWeights, writeSafetensorsFile } from '../../../../src-main/compute/index.ts';
import { findEncoder } from '../../../../src-main/learn/index.ts';
import { sharedHead } from '../../../../src-main/service/encoders/shared-head.ts';
import { keepTagSet, nameHead } from '../../../../src-main/service/encoders/tag-set.ts';
import { EventHub } from '../../../../src-main/service/event-hub.ts';
import type { Store, StoredEncoder } from '../../../../src-main/store/index.ts';
import { temporaryStore } from '../../../support/store-data.ts';

const { architecture, sampleRate, cropSamples, dimensions, initialise } = findEncoder('sample-cnn', 8000);
const head = new Map([
  ['fc.weight', { shape: [2, dimensions], data: new Float32Array(2 * dimensions).fill(0.5) }],
  ['fc.bias', { shape: [2], data: new Float32Array(2) }],
]);

async function kept(store: Store): Promise<StoredEncoder> {
  const weights = initialise(1);
  const encoder = store.encoders.add({
    ...{ name: 'Mine', architecture, settings: {}, sampleRate, cropSamples, dimensions, source: 'trained', origin: 'run 1, step 8' },
    weightsSha256: hashWeights(weights),
  });
  await writeSafetensorsFile(store.paths.weights(encoder.id), weights, {});
  return encoder;
}

it('a run that comes to the same weights under other names gives the head its names; an import keeps those that are there', async () => {
  const store = temporaryStore();
  const tools = { store, events: new EventHub() } as never;
  const encoder = await kept(store);
  const names = (): unknown => [
    store.encoders.get(encoder.id).tagSet?.name,
    store.encoders.get(encoder.id).tagSet?.labels,
    store.heads.list(encoder.id).map(({ name, labels }) => [name, labels.map((label) => label.name)]),
  ];
  await keepTagSet(tools, encoder, { head, title: 'First', labels: ['calm', 'loud'] }, { isRenamed: true });
  expect(names()).toEqual(['First', ['calm', 'loud'], [['First', ['calm', 'loud']]]]);
  await keepTagSet(tools, encoder, { head, title: 'Other', labels: ['x', 'y'] });
  expect(names()).toEqual(['First', ['calm', 'loud'], [['First', ['calm', 'loud']]]]);
  await keepTagSet(tools, encoder, { head, title: 'Again', labels: ['slow', 'fast'] }, { isRenamed: true });
  expect(names()).toEqual(['Again', ['slow', 'fast'], [['Again', ['slow', 'fast']]]]);
  const [before] = store.heads.list(encoder.id);
  await keepTagSet(tools, encoder, { head, title: 'Again', labels: ['slow', 'fast'] }, { isRenamed: true });
  expect(store.heads.list(encoder.id)[0]?.id).toBe(before?.id);
});

it('tags that come with a bundle or a run have no kind of its making; those of a published set have theirs', async () => {
  const store = temporaryStore();
  const encoder = await kept(store);
  const named = nameHead(head, ['calm', 'loud'], 'Supervised, Monday');
  if (named === null) throw new Error('no head');
  await keepTagSet({ store, events: new EventHub() } as never, encoder, named);
  expect(store.heads.list(encoder.id)[0]?.labels.map(({ kind, name }) => [kind, name])).toEqual([
    ['', 'calm'],
    ['', 'loud'],
  ]);
  const fifty = new Map([['fc.weight', { shape: [50, dimensions], data: new Float32Array(50 * dimensions) }]]);
  expect(nameHead(fifty, undefined)).toMatchObject({ title: 'MagnaTagATune', kind: 'MagnaTagATune' });
});

it('a head is given away under the names that its tags have now', async () => {
  const store = temporaryStore();
  const encoder = await kept(store);
  const [calm, loud] = ['calm', 'loud'].map((name) => store.tags.create({ kind: '', name }).tag.id);
  const tagIds = [calm, loud].flatMap((id) => (id === undefined ? [] : [id]));
  await keepTagSet({ store, events: new EventHub() } as never, encoder, { head, title: 'Run', labels: ['calm', 'loud'], tagIds });
  store.tags.update({ tagId: tagIds[0] as never, name: 'serene' });
  expect((await sharedHead({ store }, encoder))?.labels).toEqual(['serene', 'loud']);
});
