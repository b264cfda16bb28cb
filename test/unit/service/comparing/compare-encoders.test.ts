/** @file Two encoders on a library of which it is known what belongs together. */
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src-main/base/index.ts';
import { comparisonText } from '../../../../src-main/contract/index.ts';
import type { EncoderId, TrackId } from '../../../../src-main/contract/index.ts';
import { compareEncoders } from '../../../../src-main/service/comparing/compare-encoders.ts';
import type { Store } from '../../../../src-main/store/index.ts';
import { smallEncoder, temporaryStore, trackFile } from '../../../support/store-data.ts';

const { signal } = new AbortController();
/** Artists with two albums of three tracks each. */
const artists = 8;
const dimensions = 4 * artists;

type Library = { store: Store; ids: TrackId[] };

/** @param isNamed whether files say who made them */
function library({ isNamed = true } = {}): Library {
  const store = temporaryStore();
  const ids = Array.from({ length: artists * 6 }, (_, at) => {
    const [artist, album] = [Math.floor(at / 6), Math.floor(at / 3)];
    const about = isNamed ? { artist: `Artist ${artist}`, album: `Album ${album}` } : { artist: '', album: '' };
    return store.tracks.upsert({ ...trackFile(store, `track ${at}`), ...about }).id;
  });
  return { store, ids };
}

/** An encoder that hears what `of` says of a track's place, in two segments, and noise. */
function encoder({ store, ids }: Library, of: (place: number) => number, noise: number): EncoderId {
  const { id } = store.encoders.add({ ...smallEncoder(dimensions), name: `noise ${noise}` });
  const writer = store.index.writer(store.index.ensure(id, 100).id);
  const random = seededRandom(7);
  for (const [place, trackId] of ids.entries()) {
    writer.begin(trackId, store.tracks.findByPath(store.tracks.path(trackId))?.audioHash ?? '');
    for (let segment = 0; segment < 2; segment++)
      writer.append(Float32Array.from({ length: dimensions }, (_, at) => Number(at === of(place)) * 100 + noise * random.normal()));
    writer.finish();
  }
  writer.close();
  return id;
}

const byArtist = (place: number): number => Math.floor(place / 6);
const byAlbum = (place: number): number => Math.floor(place / 3);

describe('a comparison of encoders', () => {
  it('tells which one puts albums and artists together, with intervals of the difference', async () => {
    const made = library();
    const [albums, chance] = [encoder(made, byAlbum, 0), encoder(made, () => 0, 30)];
    const found = await compareEncoders(made.store, { encoderId: albums, againstId: chance, signal });
    expect(found).toMatchObject({ encoderId: albums, againstId: chance, tracks: 48, verdict: 'better' });
    const [album, artist] = found.rows;
    // The two others of an album are the nearest; of an artist's five others these two are, and what comes then is noise.
    expect(album).toMatchObject({ by: 'album', queries: 48, groups: artists, own: { value: 1 } });
    expect(album?.chance).toBeCloseTo(2 / 47, 12);
    expect(artist).toMatchObject({ by: 'artist', queries: 48, groups: artists });
    expect(artist?.chance).toBeCloseTo(5 / 47, 12);
    expect(artist?.own.value).toBeGreaterThanOrEqual(2 / 5);
    expect(album?.difference.value).toBeCloseTo((album?.own.value ?? 0) - (album?.against.value ?? 0), 12);
    expect(album?.difference.low).toBeGreaterThan(0.5);
    const back = await compareEncoders(made.store, { encoderId: chance, againstId: albums, signal });
    expect(back.verdict).toBe('worse');
    expect(back.rows[0]?.difference.value).toBeCloseTo(-(album?.difference.value ?? 0), 12);
  });

  it('leaves the demo library out where there is other music', async () => {
    const made = library();
    const demo = made.store.folders.addDemo('/opt/Earmark/resources/demo').id;
    made.ids.push(made.store.tracks.upsert(trackFile(made.store, 'demo', { folderId: demo })).id);
    const [one, two] = [encoder(made, byAlbum, 0), encoder(made, () => 0, 30)];
    expect((await compareEncoders(made.store, { encoderId: one, againstId: two, signal })).tracks).toBe(48);
    made.store.folders.remove(made.store.folders.add('/music').id);
    expect((await compareEncoders(made.store, { encoderId: one, againstId: two, signal })).tracks).toBe(1);
  });

  it('does not count a dimension for more because its numbers are larger', async () => {
    const made = library();
    const { id } = made.store.encoders.add(smallEncoder(dimensions));
    const writer = made.store.index.writer(made.store.index.ensure(id, 100).id);
    const random = seededRandom(3);
    for (const [place, trackId] of made.ids.entries()) {
      writer.begin(trackId, made.store.tracks.findByPath(made.store.tracks.path(trackId))?.audioHash ?? '');
      writer.append(
        Float32Array.from({ length: dimensions }, (_, at) =>
          at === dimensions - 1 ? 1e4 * random.normal() + 1e5 : Number(at === byArtist(place)),
        ),
      );
      writer.finish();
    }
    writer.close();
    const found = await compareEncoders(made.store, { encoderId: id, againstId: encoder(made, () => 0, 30), signal });
    expect(found.rows.find(({ by }) => by === 'artist')?.own.value).toBeGreaterThan(0.8);
  });

  it('goes by a person’s tags where files name nobody, and says so where nothing is known', async () => {
    const made = library({ isNamed: false });
    const [knowing, chance] = [encoder(made, byArtist, 0), encoder(made, () => 0, 30)];
    const nothing = await compareEncoders(made.store, { encoderId: knowing, againstId: chance, signal });
    expect(nothing).toMatchObject({ rows: [], verdict: 'unknown' });
    expect(comparisonText(nothing, 'timbre statistics')).toMatch(/^Whether it is better than timbre statistics cannot be told: /);
    const { id } = made.store.tags.create({ kind: '', name: 'rain' }).tag;
    const targets = made.ids.slice(0, 6).map((trackId) => ({ trackId }));
    made.store.tags.mark({ tagIds: [id], targets, answer: 'yes', source: 'person' });
    const found = await compareEncoders(made.store, { encoderId: knowing, againstId: chance, signal });
    expect(found.rows).toMatchObject([{ by: 'tags', queries: 6, groups: 6, own: { value: 1 } }]);
    expect(comparisonText(found, 'timbre statistics')).toMatch(
      /^On your own music it is better than timbre statistics\. Of the five tracks nearest to each: same tag of yours 100\u202f% against \d+\u202f% \(difference \+\d+ to \+\d+ points\)\.$/,
    );
  });

  it('is not clear of two that hear the same, and needs both to have heard something', async () => {
    const made = library();
    const [first, second] = [encoder(made, byAlbum, 1), encoder(made, byAlbum, 2)];
    expect(await compareEncoders(made.store, { encoderId: first, againstId: second, signal })).toMatchObject({ verdict: 'unclear' });
    const { id } = made.store.encoders.add({ ...smallEncoder(3), name: 'Deaf' });
    await expect(compareEncoders(made.store, { encoderId: id, againstId: first, signal })).rejects.toThrow('Deaf has no index yet.');
  });

  it('compares tracks alone that both have heard as they are now, and ends when it is cancelled', async () => {
    const made = library();
    const [first, second] = [encoder(made, byAlbum, 1), encoder(made, byArtist, 1)];
    const path = made.store.tracks.path(made.ids[0] as TrackId);
    made.store.tracks.upsert({ ...trackFile(made.store, 'track 0'), path, audioHash: 'another recording', size: 1 });
    expect((await compareEncoders(made.store, { encoderId: first, againstId: second, signal })).tracks).toBe(47);
    const writer = made.store.index.writer(made.store.index.ensure(first, 100).id);
    writer.begin(made.ids[0] as TrackId, 'another recording');
    writer.append(new Float32Array(dimensions));
    writer.finish();
    writer.close();
    for (const [encoderId, againstId] of [
      [first, second],
      [second, first],
    ] as const)
      expect((await compareEncoders(made.store, { encoderId, againstId, signal })).tracks).toBe(47);
    const told: number[] = [];
    const abort = new AbortController();
    const report = (done: number, total: number): void => {
      told.push(done / total);
      abort.abort(new Error('enough'));
    };
    const wish = { encoderId: first, againstId: second, signal: abort.signal, report };
    await expect(compareEncoders(made.store, wish)).rejects.toThrow('enough');
    expect(told[0]).toBeGreaterThan(0);
  });
});
