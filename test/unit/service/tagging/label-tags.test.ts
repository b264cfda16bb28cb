/** @file A head's labels and the tags of a library, which change after they were learnt. */
import { expect, it, onTestFinished } from 'vitest';
import { defined } from '../../../../src-main/base/index.ts';
import type { EncoderId, Head, TagId } from '../../../../src-main/contract/index.ts';
import { LabelTags } from '../../../../src-main/service/tagging/label-tags.ts';
import { openSeededCore } from '../../../support/seed/core.ts';
import { temporaryStore } from '../../../support/store-data.ts';

const quiet = new AbortController().signal;

it('a head of a run follows its tag when that is renamed, says what to do when it was removed, and takes one that was made again', async () => {
  const core = await openSeededCore({ tracks: 12, tags: true });
  onTestFinished(() => core.close());
  const { store, heads, suggesting } = core.services;
  const encoderId = core.services.store.settings.get().encoderId as EncoderId;
  const stored = defined(
    store.heads.list(encoderId).find(({ source }) => source === 'published'),
    'a head',
  );
  const { tag } = store.tags.create({ kind: '', name: 'calm' });
  const labels = stored.labels.map((label, at) => (at === 0 ? { ...label, kind: '', name: 'calm', tagId: tag.id } : label));
  store.heads.put({ ...stored, labels });
  const head = (): Head =>
    defined(
      heads.list(encoderId).find(({ source }) => source === 'published'),
      'the head',
    );
  const place = { headId: head().id, label: 0 };
  const trackIds = (await suggesting.tracks({ ...place, offset: 0, limit: 2, atLeast: 0, includeAnswered: true })).rows.map(
    ({ trackId }) => trackId,
  );

  await core.handlers.tags.update({ tagId: tag.id, name: 'serene', kind: 'mood' }, quiet);
  expect(head().labels[0]).toMatchObject({ tagId: tag.id, kind: 'mood', name: 'serene' });
  for (const text of ['calm', 'serene', 'mood: serene']) expect(heads.labelNamed(head(), text).label).toBe(0);
  expect((await suggesting.answer(place, trackIds.slice(0, 1), 'yes'))?.title).toContain('mood: serene');
  expect(store.tags.get(tag.id).tracks).toBe(1);

  store.tags.remove([tag.id]);
  const says = /The tag “calm”, which this head learnt, was removed since\. Bring it back with Undo .* make a tag “calm” again/;
  await expect(suggesting.answer(place, trackIds, 'yes')).rejects.toThrow(says);
  await expect(suggesting.acceptAbove({ ...place, atLeast: 0 })).rejects.toThrow(says);
  expect(head().labels[0]).toMatchObject({ tagId: null, name: 'calm' });

  const again = store.tags.create({ kind: '', name: 'Calm' }).tag;
  expect(head().labels[0]?.tagId).toBe(again.id);
  await suggesting.answer(place, trackIds, 'yes');
  expect(store.tags.get(again.id).tracks).toBe(2);
});

it('a trained head says of a tag that was removed what to do, not that it does not know it', async () => {
  const core = await openSeededCore({ tracks: 12, tags: true });
  onTestFinished(() => core.close());
  const { store, heads } = core.services;
  const encoderId = store.settings.get().encoderId as EncoderId;
  const head = (): Head =>
    defined(
      heads.list(encoderId).find(({ source }) => source === 'trained'),
      'the head',
    );
  const [stored] = store.heads.list(encoderId);
  const { tag } = store.tags.create({ kind: '', name: 'calm' });
  const labels = defined(stored, 'a head').labels.map((label, at) =>
    at === 0 ? { ...label, kind: '', name: 'calm', tagId: tag.id } : label,
  );
  store.heads.put({ ...defined(stored, 'a head'), source: 'trained', groupedBy: 'artist', labels });
  const { id: tagId, name } = tag;
  expect(heads.labelNamed(head(), name).tagId).toBe(tagId);
  store.tags.remove([tagId]);
  expect(head().labels.some((one) => one.name === name)).toBe(false);
  expect(() => heads.labelNamed(head(), name)).toThrow(/was removed since\. Bring it back/);
  expect(() => heads.labelNamed(head(), 'never heard of')).toThrow(/has no tag “never heard of”\. It has:/);
});

it('a label without a kind stands for the library’s own tag of its name, whatever kind that has', () => {
  const store = temporaryStore();
  const calm = store.tags.create({ kind: 'mood', name: 'calm' }).tag;
  const fast = ['tempo', 'dance'].map((kind) => store.tags.create({ kind, name: 'fast' }).tag);
  const tags = new LabelTags(store);
  const of = (name: string, kind = ''): TagId | undefined => tags.of({ tagId: null, kind, name })?.id;
  expect([of('Calm'), of('mood: calm'), of('calm', 'MagnaTagATune')]).toEqual([calm.id, calm.id, undefined]);
  // Which of two is meant nobody can tell.
  expect([of('fast'), of('tempo: fast')]).toEqual([undefined, fast[0]?.id]);
});
