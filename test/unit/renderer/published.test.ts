/** @file Published encoders in the page: which there are, and what a server says, on a seeded core whose server nobody listens at. */
import { describe, expect, it } from 'vitest';
import { PublishedState } from '../../../src-renderer/state/published.svelte.ts';
import { seededTests } from '../../support/connected.ts';

const seeded = seededTests({ tracks: 1, encoders: 'none' });

describe('published encoders', () => {
  it('are listed without asking anybody, the first one chosen', async () => {
    const published = new PublishedState(seeded().api);
    await published.load();
    expect(published.list?.map(({ name }) => name)).toEqual(['clmr', 'music2vec-v1', 'vicmus']);
    expect(published.chosen).toMatchObject({ name: 'clmr', servers: ['127.0.0.1:9'], licence: expect.stringContaining('MIT') as string });
    published.choose('vicmus');
    expect(published.chosen?.servers).toEqual([]);
    expect(published.offer).toBeNull();
  });

  it('say why a server could not be asked', async () => {
    const published = new PublishedState(seeded().api);
    await published.load();
    await expect(published.ask()).rejects.toThrow(/127\.0\.0\.1:9.*cannot be reached/);
    expect(published.isAsking).toBe(false);
  });

  it('are not told of once another is looked at', async () => {
    const published = new PublishedState(seeded().api);
    await published.load();
    const asking = published.ask();
    expect(published.isAsking).toBe(true);
    published.choose('music2vec-v1');
    expect(published.isAsking).toBe(false);
    await asking;
    expect([published.offer, published.chosen?.name]).toEqual([null, 'music2vec-v1']);
  });
});
