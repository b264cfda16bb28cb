/** @file Taggrams on a seeded library: what the head that was trained on a person's tags says of each segment of a track. */
import { describe, expect, it } from 'vitest';
import { floatsFromBase64 } from '../../../../src-main/contract/index.ts';
import type { EncoderId, TagId, TrackId } from '../../../../src-main/contract/index.ts';
import { seededTests } from '../../../support/connected.ts';

const encoderId = 1 as EncoderId;
const seeded = seededTests({
  tags: true,
  prepare: async ({ heads }) => {
    await heads.train({ encoderId, architecture: 'logistic', groupBy: 'artist' }).settled;
  },
});

describe('a taggram', () => {
  it('says of every segment what suggestions say of the best ones', async () => {
    const { core, api } = seeded();
    const [head] = core.services.heads.list(encoderId);
    const label = head?.labels.find(({ state }) => state === 'ready');
    if (head === undefined || label === undefined || label.label === null) throw new Error('A tag was learnt.');
    const place = { headId: head.id, label: label.label };
    const { rows } = await api.suggest.tracks({ ...place, offset: 0, limit: 1, atLeast: 0, includeAnswered: true });
    const [first] = rows;
    if (first === undefined) throw new Error('There is a suggestion.');
    const found = await api.heads.taggram({ encoderId, trackId: first.trackId });
    expect(found).toMatchObject({ trackId: first.trackId, title: first.title, headId: head.id, head: head.name });
    expect(found.labels).toEqual(head.labels.filter(({ state }) => state === 'ready').map(({ name }) => name));
    const values = floatsFromBase64(found.probabilities);
    const segments = core.services.store.index.embeddings(encoderId, first.trackId).length / 512;
    expect(values).toHaveLength(segments * found.labels.length);
    const column = found.labels.indexOf(label.name);
    for (const { segment, startMs, probability } of first.segments) {
      expect(values[segment * found.labels.length + column]).toBeCloseTo(probability, 6);
      expect(startMs).toBeCloseTo(segment * found.hopMs, 6);
    }
  });

  it('leaves out tags that were removed, and bears the names that they have now', async () => {
    const { core, api } = seeded();
    const [trackId] = core.tracks().map(({ id }) => id);
    const before = await api.heads.taggram({ encoderId, trackId: trackId as TrackId });
    const [head] = core.services.heads.list(encoderId);
    const ready = head?.labels.filter(({ state }) => state === 'ready') ?? [];
    expect(ready.length).toBeGreaterThan(1);
    const [gone, renamed] = ready;
    await api.tags.remove({ tagIds: [gone?.tagId as TagId] });
    await api.tags.update({ tagId: renamed?.tagId as TagId, name: 'another word' });
    const after = await api.heads.taggram({ encoderId, trackId: trackId as TrackId });
    expect(after.labels).toEqual(['another word', ...before.labels.slice(2)]);
    const [one, other] = [floatsFromBase64(before.probabilities), floatsFromBase64(after.probabilities)];
    expect(other[0]).toBe(one[1]);
    expect(other[other.length - 1]).toBe(one[one.length - 1]);
  });

  it('says what to do where nothing was learnt, or a track was not heard', async () => {
    const { core, api } = seeded();
    const [track] = core.tracks();
    const untrained = await api.encoders.createUntrained({ sampleRate: 8000, seed: 3 });
    await expect(api.heads.taggram({ encoderId: untrained.id, trackId: track?.id as TrackId })).rejects.toThrow(
      'No tag was learnt with Untrained',
    );
    await expect(api.heads.taggram({ encoderId, trackId: 9999 })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
