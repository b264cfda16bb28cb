/** @file The demo library: its composer gives the same pieces every time, and its files are those pieces, tagged, and small enough to come along. */
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTags } from '../../src-main/audio/index.ts';
import { demoDirectory } from '../../src-main/host/demo-directory.ts';
import { allTracks } from '../support/demo/catalogue.ts';
import { ticksPerBeat } from '../support/demo/midi-file.ts';
import { listFiles, top } from '../support/files.ts';

const mostBytes = 12e6;
const tracks = allTracks();

type Read = { beats: number; notes: number; open: number; parts: number; seconds: number };

/** Reads a standard MIDI file of type 1 by the specification, and refuses what is not as it should be. */
function readMidi(bytes: Uint8Array): Read {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = (at: number): string => Buffer.from(bytes.subarray(at, at + 4)).toString('latin1');
  expect([text(0), view.getUint32(4), view.getUint16(8), view.getUint16(12)]).toEqual(['MThd', 6, 1, ticksPerBeat]);
  const read: Read = { beats: 0, notes: 0, open: 0, parts: view.getUint16(10) - 1, seconds: 0 };
  let at = 14;
  for (let i = 0; i <= read.parts; i++) {
    expect(text(at)).toBe('MTrk');
    const end = at + 8 + view.getUint32(at + 4);
    readTrack(bytes.subarray(at + 8, end), read);
    at = end;
  }
  expect(at).toBe(bytes.length);
  return read;
}

function readTrack(bytes: Uint8Array, read: Read): void {
  let [at, tick] = [0, 0];
  const byte = (): number => bytes[at++] ?? Number.NaN;
  const length = (): number => {
    let value = 0;
    for (let more = true; more;) {
      const next = byte();
      value = value * 128 + (next & 127);
      more = next > 127;
    }
    return value;
  };
  const sounding = new Set<number>();
  for (let isOver = false; !isOver;) {
    tick += length();
    const status = byte();
    if (status === 0xff) {
      isOver = byte() === 0x2f;
      const size = length();
      at += size;
      continue;
    }
    const [kind, pitch] = [status >> 4, byte()];
    const value = kind === 0xc ? 0 : byte();
    expect(Math.max(pitch, value), `${kind}`).toBeLessThan(128);
    if (kind === 9) {
      expect(value).toBeGreaterThan(0);
      expect(sounding.has(pitch), `${pitch} is struck while it sounds`).toBe(false);
      sounding.add(pitch);
      read.notes++;
    } else if (kind === 8) expect(sounding.delete(pitch)).toBe(true);
    else expect([0xb, 0xc]).toContain(kind);
  }
  expect(at).toBe(bytes.length);
  read.open += sounding.size;
  read.beats = Math.max(read.beats, tick / ticksPerBeat);
}

describe('the composer of the demo library', () => {
  it('writes the pieces that were rendered, byte for byte, every time', async () => {
    const hashes = (): string[] =>
      allTracks().map(
        ({ compose, seed, title, path }) => `${createHash('sha256').update(compose(seed).toMidi(title)).digest('hex')}  ${path}`,
      );
    const once = hashes();
    expect(hashes()).toEqual(once);
    // Whoever changes a piece renders it again: test/support/demo/make.ts.
    await expect(`${once.join('\n')}\n`).toMatchFileSnapshot('../fixtures/demo-midi.txt');
  });

  it.each(tracks.map((track) => [track.title, track] as const))(
    'writes MIDI that ends every note, some 20 seconds long: %s',
    (title, track) => {
      const score = track.compose(track.seed);
      const { beats, notes, open, parts } = readMidi(score.toMidi(title));
      expect([open, parts > 0]).toEqual([0, true]);
      expect(notes).toBeGreaterThan(20);
      expect(beats).toBeLessThan(score.last.at + score.last.beats + 2);
      expect(score.seconds).toBeGreaterThan(16);
      expect(score.seconds).toBeLessThan(30);
    },
  );

  it('gives pieces of one album and of all that differ', () => {
    const notes = tracks.map(({ compose, seed }) => Buffer.from(compose(seed).toMidi('')).toString('latin1'));
    expect(new Set(notes).size).toBe(tracks.length);
  });
});

describe('the files of the demo library', () => {
  const folder = join(top, 'resources/demo');

  it('are the tracks of the catalogue, 40 to 60 of 12 MB at most, and nothing else but what is said of them', () => {
    const files = listFiles('resources/demo').map((path) => path.slice('resources/demo/'.length));
    expect(files).toEqual([...tracks.map(({ path }) => path), 'LICENCE-SAMPLES.txt', 'README.md'].sort());
    expect(tracks.length).toBeGreaterThanOrEqual(40);
    expect(tracks.length).toBeLessThanOrEqual(60);
    expect(files.reduce((sum, path) => sum + statSync(join(folder, path)).size, 0)).toBeLessThan(mostBytes);
  });

  it('say what they are: title, artist, album, genre, year and number', async () => {
    for (const { path, title, number, album } of tracks)
      expect(await readTags(join(folder, path)), path).toMatchObject({
        ...{ title, artist: album.artist, album: album.title, albumArtist: album.artist, genres: [album.genre], year: album.year },
        trackNumber: number,
      });
  });
});

describe('the folder of the demo library', () => {
  it('is that of the installation, from the sources and from the build', () => {
    expect(demoDirectory()).toBe(join(top, 'resources', 'demo'));
    expect(demoDirectory('file:///opt/Earmark/out/main/core.js')).toBe('/opt/Earmark/resources/demo');
  });

  it('lies beside the archive of an application that is packed as one, since decoders know nothing of archives', () => {
    expect(demoDirectory('file:///opt/Earmark/resources/app.asar/out/main/core.js')).toBe(
      '/opt/Earmark/resources/app.asar.unpacked/resources/demo',
    );
  });
});
