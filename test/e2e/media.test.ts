/** @file What a player gets: every kind of file in a form that a browser plays, in ranges, and nothing that is no track of the library. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TagLib } from 'taglib-wasm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MediaKind, TrackId } from '../../src-main/contract/index.ts';
import { sourceEntries } from '../../src-main/host/core.ts';
import { createServices } from '../../src-main/service/index.ts';
import type { MediaResponse, Services } from '../../src-main/service/index.ts';
import { kinds, makeAudio } from '../support/make-audio.ts';
import type { KindName } from '../support/make-audio.ts';

const host = {
  kind: 'serve' as const,
  version: '0',
  chooseFolder: async () => null,
  chooseWeights: async () => null,
  reveal: async () => undefined,
};
const names = Object.keys(kinds) as KindName[];
let root: string;
let services: Services;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'earmark-media-'));
  mkdirSync(join(root, 'music'));
  for (const kind of names) makeAudio(pathOf(kind), { kind, seconds: 2, sound: (seconds) => 0.4 * Math.sin(2 * Math.PI * 440 * seconds) });
  services = createServices({ dataDirectory: join(root, 'data'), host, entries: sourceEntries, report: (error) => console.error(error) });
  await (
    await services.library.addFolder(join(root, 'music'))
  ).settled;
});
afterAll(async () => {
  await services.close();
  rmSync(root, { recursive: true, force: true });
});

function pathOf(kind: KindName): string {
  return join(root, 'music', `${kind}.${kinds[kind].extension}`);
}

function idOf(kind: KindName): TrackId {
  const track = services.store.tracks.findByPath(pathOf(kind));
  if (track === null) throw new Error(`${kind} was scanned`);
  return track.id;
}

function open(trackId: number, range: string | null = null, kind: MediaKind = 'audio'): Promise<MediaResponse> {
  return services.media.open({ kind, trackId, range, signal: new AbortController().signal });
}

async function bytesOf({ body }: MediaResponse): Promise<Buffer> {
  return Buffer.from(await new Response(body).arrayBuffer());
}

describe('a track’s audio', () => {
  const browserKinds = ['mp3', 'flac', 'ogg', 'opus', 'm4a', 'wav'] as const;

  it.each(browserKinds)('comes as the file itself when a browser plays it: %s', async (kind) => {
    const response = await open(idOf(kind));
    expect(response.status).toBe(200);
    expect(response.headers['Content-Type']).toMatch(/^audio\//);
    expect((await bytesOf(response)).equals(readFileSync(pathOf(kind)))).toBe(true);
  });

  it.each(['alac', 'aiff', 'wma', 'wavpack', 'adts'] as const)(
    'comes as FLAC when no browser plays it, or not at the right place: %s',
    async (kind) => {
      const response = await open(idOf(kind));
      expect(response).toMatchObject({ status: 200, headers: { 'Content-Type': 'audio/flac' } });
      const bytes = await bytesOf(response);
      expect(bytes.subarray(0, 4).toString('latin1')).toBe('fLaC');
      // The copy is made once.
      expect((await bytesOf(await open(idOf(kind)))).equals(bytes)).toBe(true);
    },
  );

  it('comes as FLAC on demand, whatever it is', async () => {
    const response = await open(idOf('mp3'), null, 'copy');
    expect(response).toMatchObject({ status: 200, headers: { 'Content-Type': 'audio/flac' } });
    expect((await bytesOf(response)).subarray(0, 4).toString('latin1')).toBe('fLaC');
  });

  it('comes in ranges', async () => {
    const whole = readFileSync(pathOf('flac'));
    const middle = await open(idOf('flac'), 'bytes=100-199');
    expect(middle).toMatchObject({ status: 206, headers: { 'Content-Range': `bytes 100-199/${whole.length}`, 'Content-Length': '100' } });
    expect((await bytesOf(middle)).equals(whole.subarray(100, 200))).toBe(true);
    expect((await open(idOf('flac'), `bytes=${whole.length}-`)).status).toBe(416);
  });

  it('is not there for a number that is no track', async () => {
    for (const id of [0, -1, 999_999, Number.NaN]) expect((await open(id)).status).toBe(404);
  });

  it('is not there for a track whose folder was taken out, and is again when it is back', async () => {
    const [folder] = services.library.folders();
    if (folder === undefined) throw new Error('there is a folder');
    services.library.removeFolder(folder.id);
    expect((await open(idOf('mp3'))).status).toBe(404);
    services.store.folders.restore(folder.id);
    expect((await open(idOf('mp3'))).status).toBe(200);
  });

  it('says so when the file is gone', async () => {
    const bytes = readFileSync(pathOf('ogg'));
    unlinkSync(pathOf('ogg'));
    const response = await open(idOf('ogg'));
    expect(response.status).toBe(410);
    expect((await bytesOf(response)).toString()).toMatch(/no such file or folder/);
    writeFileSync(pathOf('ogg'), bytes);
  });
});

describe('a track’s picture', () => {
  it('is not there when the file has none', async () => {
    expect((await open(idOf('mp3'), null, 'picture')).status).toBe(404);
    expect(await services.media.hasPicture(idOf('mp3'))).toBe(false);
  });

  it('comes from the file, and is known before it is fetched', async () => {
    const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(900, 4)]);
    const file = await (await TagLib.initialize()).open(pathOf('flac'));
    file.setPictures([{ mimeType: 'image/png', data: png, type: 'FrontCover', description: '' }]);
    await file.saveToFile();
    file.dispose();
    expect(await services.media.hasPicture(idOf('flac'))).toBe(true);
    const response = await open(idOf('flac'), null, 'picture');
    expect(response).toMatchObject({ status: 200, headers: { 'Content-Type': 'image/png' } });
    expect((await bytesOf(response)).equals(png)).toBe(true);
  });

  it('is not there when it is of a kind that no browser shows, when its file is gone, and for a number that is no track', async () => {
    const file = await (await TagLib.initialize()).open(pathOf('m4a'));
    file.setPictures([{ mimeType: 'image/tiff', data: new Uint8Array(900), type: 'FrontCover', description: '' }]);
    await file.saveToFile();
    file.dispose();
    const bytes = readFileSync(pathOf('ogg'));
    unlinkSync(pathOf('ogg'));
    for (const id of [idOf('m4a'), idOf('ogg'), 999_999 as TrackId]) expect(await services.media.hasPicture(id)).toBe(false);
    writeFileSync(pathOf('ogg'), bytes);
  });
});

describe('a track’s waveform', () => {
  it.each(names)('is made from the file when it is wanted: %s', async (kind) => {
    const { peaks, peaksPerSecond, durationMs } = await services.library.peaks(idOf(kind));
    const bins = Buffer.from(peaks, 'base64');
    expect(durationMs / 1000).toBeCloseTo(2, 0);
    expect(Math.abs(bins.length - 2 * peaksPerSecond)).toBeLessThanOrEqual(3);
    // 0.4 of full scale.
    expect(bins[Math.floor(bins.length / 2)]).toBeGreaterThan(90);
    expect(bins[Math.floor(bins.length / 2)]).toBeLessThan(115);
  });
});
