import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findEncoder } from '../../../../src-main/learn/index.ts';
import { hashWeights, writeSafetensorsFile } from '../../../../src-main/compute/index.ts';
import type { EncoderId, QueryEncoding, QueryFileId } from '../../../../src-main/contract/index.ts';
import { queryPieceBytes } from '../../../../src-main/contract/index.ts';
import { EventHub } from '../../../../src-main/service/event-hub.ts';
import { sourceEntries } from '../../../../src-main/host/core.ts';
import { mostFiles, QueryFiles } from '../../../../src-main/service/similar/query-files.ts';
import { temporaryDirectory, temporaryStore, trackFile } from '../../../support/store-data.ts';
import { writeWav } from '../../../support/wav.ts';

const waiting = new AbortController().signal;

function library() {
  const directory = temporaryDirectory();
  const store = temporaryStore(directory);
  const folder = join(directory, 'cache', 'query');
  const events = new EventHub();
  const files = new QueryFiles({ store, entries: sourceEntries, events });
  onTestFinished(() => files.close());
  return { directory, store, events, files, folder, kept: () => (existsSync(folder) ? readdirSync(folder) : []) };
}

/** Gathers what is told of encodings, until something is told. */
function listenTo(events: EventHub): (isWanted: (encoding: QueryEncoding | null) => boolean) => Promise<(QueryEncoding | null)[]> {
  const end = new AbortController();
  const stream = events.subscribe(end.signal);
  const first = stream.next();
  return async (isWanted) => {
    const all: (QueryEncoding | null)[] = [];
    for (let step = await first; step.done !== true; step = await stream.next()) {
      if (step.value.type !== 'similar.encoding') continue;
      all.push(step.value.encoding);
      if (isWanted(step.value.encoding)) break;
    }
    end.abort();
    return all;
  };
}

/** A library with an untrained encoder. */
async function encoding() {
  const made = library();
  const { architecture, sampleRate, cropSamples, dimensions, initialise } = findEncoder('sample-cnn', 8000);
  const encoder = made.store.encoders.add({
    ...{ name: 'Untrained', architecture, settings: {}, sampleRate, cropSamples, dimensions, source: 'untrained', origin: 'seed 1' },
    weightsSha256: hashWeights(initialise(1)),
  });
  await writeSafetensorsFile(made.store.paths.weights(encoder.id), initialise(1), {});
  made.store.settings.set({ device: 'cpu' });
  return { ...made, encoderId: encoder.id };
}

const wav = (directory: string, seconds: number): Buffer => {
  const path = join(directory, `${seconds}.wav`);
  writeWav(path, { seconds, seed: 3 });
  return readFileSync(path);
};

async function bring(files: QueryFiles, name: string, bytes: Buffer): Promise<QueryFileId> {
  const fileId = await files.open(name, bytes.length);
  for (let at = 0; at < bytes.length; at += queryPieceBytes)
    await files.send(fileId, at, bytes.subarray(at, at + queryPieceBytes).toString('base64'));
  return fileId;
}

describe('a file that is brought in pieces', () => {
  it('is kept under a name of the core’s own, whatever it is called', async () => {
    const { files, kept } = library();
    for (const name of ['../../../evil.mp3', '/etc/passwd', 'Song.FLAC', 'CON', 'a\0b.wav', '.mp3']) await files.open(name, 10);
    const random = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(\.(mp3|flac|wav))?$/;
    expect(kept()).toHaveLength(6);
    for (const name of kept()) expect(name).toMatch(random);
  });

  it('takes its pieces one after the other and not beyond its end', async () => {
    const { files } = library();
    const fileId = await files.open('song.mp3', 6);
    const piece = Buffer.from('abcd').toString('base64');
    await expect(files.send(fileId, 1, piece)).rejects.toThrow(/begins at byte 1, and byte 0 is next/);
    await files.send(fileId, 0, piece);
    await expect(files.send(fileId, 0, piece)).rejects.toThrow(/byte 4 is next/);
    await expect(files.send(fileId, 4, piece)).rejects.toThrow(/was said to have 6 bytes/);
    await expect(files.send(fileId, 4, 'not base 64')).rejects.toThrow(/not base64/);
    await expect(files.send(999 as QueryFileId, 0, piece)).rejects.toThrow(/no longer kept/);
    const large = await files.open('large.mp3', 10 * queryPieceBytes);
    await expect(files.send(large, 0, Buffer.alloc(queryPieceBytes + 1).toString('base64'))).rejects.toThrow(/too large/);
  });

  it('is refused while pieces are missing, and can go on then', async () => {
    const { files, encoderId } = { ...library(), encoderId: 1 as EncoderId };
    const fileId = await files.open('song.mp3', 6);
    await expect(files.encode(fileId, encoderId, waiting)).rejects.toThrow(/0 of 6 bytes came/);
    await files.send(fileId, 0, Buffer.from('abc').toString('base64'));
  });

  it('makes room for newer ones, and goes when it is forgotten and when the core closes', async () => {
    const { files, kept, folder } = library();
    const ids: QueryFileId[] = [];
    for (let i = 0; i < mostFiles + 3; i++) ids.push(await files.open(`${i}.mp3`, 4));
    expect(kept()).toHaveLength(mostFiles);
    await expect(files.send(ids[0] as QueryFileId, 0, 'AAAA')).rejects.toThrow(/no longer kept/);
    await files.forget(ids.at(-1) as QueryFileId);
    await files.forget(ids.at(-1) as QueryFileId);
    expect(kept()).toHaveLength(mostFiles - 1);
    await files.close();
    expect(existsSync(folder)).toBe(false);
  });

  it('does not outlive a core that was killed', () => {
    const { store, folder } = library();
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'left.mp3'), 'over');
    const files = new QueryFiles({ store, entries: sourceEntries, events: new EventHub() });
    onTestFinished(() => files.close());
    expect(existsSync(folder)).toBe(false);
  });
});

describe('encoding what was brought', () => {
  it('gives the embeddings of all segments and deletes the file', async () => {
    const { files, encoderId, directory, kept } = await encoding();
    const fileId = await bring(files, 'nine.wav', wav(directory, 9));
    expect(kept()).toHaveLength(1);
    expect(await files.encode(fileId, encoderId, waiting)).toMatchObject({ fileId, name: 'nine.wav', segments: 3, truncated: false });
    expect(kept()).toEqual([]);
    expect(files.embeddings(fileId, encoderId).embeddings).toHaveLength(3 * 512);
    expect(() => files.embeddings(fileId, 99 as EncoderId)).toThrow(/another encoder/);
    await expect(files.encode(fileId, encoderId, waiting)).rejects.toThrow(/Bring it again/);
    await expect(files.send(fileId, 0, 'AAAA')).rejects.toThrow(/complete/);
  });

  it('says what is wrong with a file by its own name, and forgets it', async () => {
    const { files, encoderId, directory, kept } = await encoding();
    const words = Buffer.from('These are words and no sound. '.repeat(40));
    const silence = wav(directory, 6).fill(0, 44);
    for (const [name, bytes, says] of [
      ['words.mp3', words, /words\.mp3/],
      ['short.wav', wav(directory, 1), /short\.wav holds 1\.00 s of sound; one segment of this encoder is 2\.59 s/],
      ['silence.wav', silence, /silence\.wav holds nothing but silence/],
    ] as const) {
      const fileId = await bring(files, name, bytes);
      const error: unknown = await files.encode(fileId, encoderId, waiting).catch((caught: unknown) => caught);
      expect(String(error)).toMatch(says);
      expect(String(error)).not.toContain(directory);
      expect(() => files.embeddings(fileId, encoderId)).toThrow(/no longer kept/);
    }
    expect(kept()).toEqual([]);
  });

  it('leaves a file where it lies when it is encoded there, whatever becomes of the rest', async () => {
    const { files, encoderId, directory } = await encoding();
    const bytes = wav(directory, 9);
    const path = join(directory, '9.wav');
    const { fileId, segments } = await files.encodeLocal(path, encoderId, waiting);
    expect(segments).toBe(3);
    expect(files.embeddings(fileId, encoderId).embeddings).toHaveLength(3 * 512);
    for (let i = 0; i < mostFiles + 1; i++) await files.open(`${i}.mp3`, 4);
    await expect(files.encodeLocal(join(directory, 'nothing.wav'), encoderId, waiting)).rejects.toThrow(/nothing\.wav/);
    await files.close();
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });

  it('tells every window how far it is, and that it is over', async () => {
    const { files, encoderId, directory, events } = await encoding();
    const told = listenTo(events);
    await files.encode(await bring(files, 'nine.wav', wav(directory, 9)), encoderId, waiting);
    const all = await told((encoding) => encoding === null);
    expect(all[0]).toEqual({ name: 'nine.wav', audioSeconds: 0, totalSeconds: null, secondsLeft: null });
    expect(all.at(-1)).toBeNull();
  });

  it('of a track that no index holds says its length, and ends when it is stopped; asked again, it begins anew', async () => {
    const { files, encoderId, directory, events, store } = await encoding();
    wav(directory, 60);
    const folder = store.folders.add(directory);
    const file = trackFile(store, '60', { folderId: folder.id, durationMs: 60_000 });
    const { id } = store.tracks.upsert({ ...file, path: join(directory, '60.wav') });
    const told = listenTo(events);
    const stopped = files.unindexed(encoderId, id);
    stopped.catch(() => undefined);
    const all = await told((encoding) => encoding !== null);
    expect(all[0]).toMatchObject({ audioSeconds: 0, totalSeconds: 60 });
    files.stop();
    await expect(stopped).rejects.toMatchObject({
      code: 'CANCELLED',
      message: expect.stringMatching(/^Listening to “.*” was stopped\.$/) as string,
    });
    const toldAgain = listenTo(events);
    const made = files.unindexed(encoderId, id);
    const onTheWay = await toldAgain((encoding) => (encoding?.audioSeconds ?? 0) > 0);
    expect(onTheWay.at(-1)?.audioSeconds).toBeLessThan(45);
    expect((await made).embeddings).toHaveLength(23 * 512);
  });

  it('ends when it is cancelled, and deletes the file', async () => {
    const { files, encoderId, directory, kept } = await encoding();
    const fileId = await bring(files, 'long.wav', wav(directory, 60));
    const cancel = new AbortController();
    const encoded = files.encode(fileId, encoderId, cancel.signal);
    cancel.abort();
    await expect(encoded).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(kept()).toEqual([]);
  });
});
