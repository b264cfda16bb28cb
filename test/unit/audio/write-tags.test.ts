/** @file One field of a file's tags, written and put back, in every format; read again by TagLib, and by ffprobe where it is installed. */
import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, renameSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { TagLib } from 'taglib-wasm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changeField, probeAudio, readField, readTags } from '../../../src-main/audio/index.ts';
import type { AudioProbe, ChangedFile, Field, FieldState } from '../../../src-main/audio/index.ts';
import { decodeAll, makeFolder } from '../../support/decode-all.ts';
import { kinds, makeAudio, tone } from '../../support/make-audio.ts';
import type { KindName } from '../../support/make-audio.ts';

const folder = makeFolder();
afterAll(folder.remove);

let tagLib: TagLib;
beforeAll(async () => {
  tagLib = await TagLib.initialize();
});

const written = ['mp3', 'flac', 'ogg', 'opus', 'm4a', 'alac', 'wav', 'aiff'] as const satisfies KindName[];
const genre: Field = { name: 'genre', customName: '' };
const mood: Field = { name: 'mood', customName: '' };
const comment: Field = { name: 'comment', customName: '' };
const grouping: Field = { name: 'grouping', customName: '' };
const own: Field = { name: 'custom', customName: 'Earmark tags' };
const fields = [genre, comment, grouping, mood, own];
const hasFfprobe = spawnSync('ffprobe', ['-version']).status === 0;

let made = 0;
function bare(kind: KindName): string {
  const path = folder.path(`file ${made++}.${kinds[kind].extension}`);
  makeAudio(path, { kind, seconds: 1, sound: tone(440) });
  return path;
}

/** A file that another program put tags and a picture into. */
async function tagged(kind: KindName): Promise<string> {
  const path = bare(kind);
  const file = await tagLib.open(path);
  file.setProperties({
    ...{
      title: ['Title'],
      artist: ['Someone', 'Another'],
      genre: ['Rock', 'Pop'],
      comment: ['as it was'],
      grouping: ['A'],
      mood: ['calm'],
    },
    ...{ date: ['1999-05-03'], trackNumber: ['3'], 'EARMARK TAGS': ['old'], 'SOMETHING ELSE': ['kept'] },
  });
  file.setPictures([{ mimeType: 'image/png', data: new Uint8Array(3000).fill(9), type: 'FrontCover', description: 'cover' }]);
  await file.saveToFile();
  file.dispose();
  return path;
}

const probe = async (path: string): Promise<AudioProbe> => probeAudio(path);
const write = (path: string, field: Field, before: FieldState, after: string[]): Promise<ChangedFile> =>
  changeField(path, { field, before, after, direction: 'write' }, probe);
const putBack = (path: string, field: Field, before: FieldState, after: string[]): Promise<ChangedFile> =>
  changeField(path, { field, before, after, direction: 'restore' }, probe);

async function valuesOf(path: string, field: Field): Promise<string[]> {
  return (await readField(path, field)).values;
}

/** What ffprobe reads, under lower-case names. */
function ffprobe(path: string): Record<string, string> {
  const { stdout } = spawnSync('ffprobe', ['-v', 'error', '-show_format', '-show_streams', '-of', 'json', path]);
  type Shown = { tags?: Record<string, string> };
  const { format, streams } = JSON.parse(stdout.toString()) as { format: Shown; streams: Shown[] };
  return Object.fromEntries(Object.entries({ ...streams[0]?.tags, ...format.tags }).map(([name, value]) => [name.toLowerCase(), value]));
}

/** What decoding gives. */
function samplesOf(path: string): Buffer {
  return Buffer.from(decodeAll(path, { sampleRate: 44_100 }).samples.buffer);
}

describe.each(written)('a %s file', (kind) => {
  it.each(['without tags', 'with tags and a picture'])(
    '%s gets every field, and is byte for byte what it was after they are put back',
    async (how) => {
      for (const field of fields) {
        const path = how === 'without tags' ? bare(kind) : await tagged(kind);
        const original = readFileSync(path);
        const samples = samplesOf(path);
        const { genres, comment: saidBefore, mood: moodBefore, grouping: groupBefore, other, ...rest } = await readTags(path);
        const before = await readField(path, field);
        const after = field === comment ? ['wörld; ☔ 雨'] : ['Größe', '雨の日', "it's", 'x'.repeat(200)];
        expect(await write(path, field, before, after)).toMatchObject({
          isNew: true,
          size: statSync(path).size,
          mtimeMs: statSync(path).mtimeMs,
        });
        expect(await valuesOf(path, field)).toEqual(after);
        const now = await readTags(path);
        expect(now).toMatchObject(rest);
        if (field !== genre) expect(now.genres).toEqual(genres);
        if (field !== comment) expect(now.comment).toBe(saidBefore);
        if (field !== mood) expect(now.mood).toBe(moodBefore);
        if (field !== grouping) expect(now.grouping).toBe(groupBefore);
        if (field !== own) expect(now.other).toEqual(other);
        expect(samplesOf(path).equals(samples)).toBe(true);
        expect(await write(path, field, before, after)).toMatchObject({ isNew: false });
        expect(await putBack(path, field, before, after)).toMatchObject({ isNew: true });
        expect(readFileSync(path).equals(original)).toBe(true);
        expect(await putBack(path, field, before, after)).toMatchObject({ isNew: false });
      }
    },
  );

  it('grows by more than its padding, and by many pages, and shrinks again', async () => {
    const path = await tagged(kind);
    const samples = samplesOf(path);
    const original = readFileSync(path);
    const before = await readField(path, own);
    const after = Array.from({ length: 1000 }, (_, i) => `${i} ${'long '.repeat(30)}`.trim());
    await write(path, own, before, after);
    expect(statSync(path).size).toBeGreaterThan(original.length + 100_000);
    expect(await valuesOf(path, own)).toEqual(after);
    expect(samplesOf(path).equals(samples)).toBe(true);
    await putBack(path, own, before, after);
    expect(readFileSync(path).equals(original)).toBe(true);
  });

  it('whose other tags changed after writing keeps those when the field is put back', async () => {
    const path = await tagged(kind);
    const before = await readField(path, genre);
    await write(path, genre, before, ['Jazz']);
    const file = await tagLib.open(path);
    file.setProperties({ title: ['Other title'] });
    await file.saveToFile();
    file.dispose();
    await putBack(path, genre, before, ['Jazz']);
    expect(await readTags(path)).toMatchObject({ title: 'Other title', genres: ['Rock', 'Pop'] });
  });

  it.skipIf(!hasFfprobe)('says to ffprobe what was written (needs ffprobe)', async () => {
    const path = bare(kind);
    // FFmpeg's reader of WAV files knows no ID3; it reads the list of texts.
    for (const [field, name] of [
      [genre, 'genre'],
      [comment, 'comment'],
      ...(kind === 'wav' ? [] : [[own, 'earmark tags'] as const]),
    ] as const) {
      await write(path, field, await readField(path, field), ['Größe 雨']);
      expect(ffprobe(path)[name]).toBe('Größe 雨');
    }
    expect(spawnSync('ffmpeg', ['-v', 'error', '-xerror', '-i', path, '-f', 'null', '-']).stderr.toString()).toBe('');
  });
});

describe('an MP3', () => {
  /** A tag of frames, byte by byte. */
  function withTag(version: number, frames: readonly [string, string][], audioFrom = bare('mp3'), tail = Buffer.alloc(0)): string {
    const bytes = readFileSync(audioFrom);
    const audio = bytes.subarray(bytes.indexOf(Buffer.from([0xff, 0xfb])));
    const body = Buffer.concat(
      frames.map(([id, text]) => {
        const content = Buffer.from(text, 'latin1');
        const head = Buffer.alloc(version === 2 ? 6 : 10);
        head.write(id, 0, 'latin1');
        if (version === 2) head.writeUIntBE(content.length, 3, 3);
        else head.writeUInt32BE(content.length, 4);
        return Buffer.concat([head, content]);
      }),
    );
    const size = [21, 14, 7, 0].map((shift) => (body.length >> shift) & 127);
    const tag = version === 0 ? Buffer.alloc(0) : Buffer.concat([Buffer.from('ID3'), Buffer.from([version, 0, 0, ...size]), body]);
    writeFileSync(audioFrom, Buffer.concat([tag, audio, tail]));
    return audioFrom;
  }

  it('keeps the total of its track number, comments with a description, and frames that nobody knows', async () => {
    const frames: [string, string][] = [
      ['TIT2', '\0Title'],
      ['TRCK', '\x003/12'],
      ['COMM', '\0engiTunNORM\0 0000'],
      ['COMM', '\0eng\0said'],
      ['TXXX', '\0Mine\0kept'],
      ['PRIV', 'owner\0\x01\x02'],
      ['XYZW', 'unknown'],
    ];
    const path = withTag(3, frames);
    for (const field of fields) {
      const before = await readField(path, field);
      await write(path, field, before, ['Neu ☔']);
      const bytes = readFileSync(path).toString('latin1');
      for (const [id, text] of frames) if (field !== comment || !text.includes('said')) expect(bytes, id).toContain(text);
      expect(bytes.slice(0, 4)).toBe('ID3\x03');
      await putBack(path, field, before, ['Neu ☔']);
    }
  });

  it.each([2, 3, 4])('with a tag of version 2.%i keeps that version', async (version) => {
    const long = (id: string, short: string): string => (version === 2 ? short : id);
    const path = withTag(version, [
      [long('TIT2', 'TT2'), '\0Title'],
      [long('TCON', 'TCO'), '\0Rock'],
      [long('TXXX', 'TXX'), '\x01\xff\xfeE\0a\0r\0m\0a\0r\0k\0 \0t\0a\0g\0s\0\0\0\xff\xfeo\0l\0d\0'],
    ]);
    const original = readFileSync(path);
    for (const field of fields) {
      const before = await readField(path, field);
      await write(path, field, before, ['Neu ☔', 'b']);
      expect(await valuesOf(path, field)).toEqual(['Neu ☔', 'b']);
      expect((await readTags(path)).title).toBe('Title');
      expect(readFileSync(path)[3]).toBe(version);
      await putBack(path, field, before, ['Neu ☔', 'b']);
      expect(readFileSync(path).equals(original)).toBe(true);
    }
  });

  it('with unsynchronised frames, or sizes that iTunes wrote wrongly, is understood', async () => {
    const long = 'y'.repeat(300);
    const path = withTag(4, [
      ['TIT2', `\0${long}`],
      ['TCON', '\0Rock'],
    ]);
    const before = await readField(path, genre);
    expect(before.values).toEqual(['Rock']);
    await write(path, genre, before, ['Jazz']);
    expect(await readTags(path)).toMatchObject({ title: long, genres: ['Jazz'] });

    const content = Buffer.from('\0Rock\0\xff\xe0x', 'latin1');
    const frame = Buffer.concat([Buffer.from('TCON'), Buffer.from([0, 0, 0, content.length, 0, 0]), content]);
    const stuffed = Buffer.concat([frame.subarray(0, -2), Buffer.from([0, 0xe0, 0x78])]);
    const second = bare('mp3');
    const audio = readFileSync(second);
    const start = audio.indexOf(Buffer.from([0xff, 0xfb]));
    writeFileSync(
      second,
      Buffer.concat([
        Buffer.from(['I', 'D', '3'].map((c) => c.charCodeAt(0))),
        Buffer.from([3, 0, 0x80, 0, 0, 0, stuffed.length]),
        stuffed,
        audio.subarray(start),
      ]),
    );
    const original = readFileSync(second);
    const state = await readField(second, mood);
    await write(second, mood, state, ['calm']);
    expect(await valuesOf(second, mood)).toEqual(['calm']);
    await putBack(second, mood, state, ['calm']);
    expect(readFileSync(second).equals(original)).toBe(true);
  });

  it('whose tags are of the oldest form alone still says them when a new tag stands before them', async () => {
    const old = Buffer.alloc(128);
    old.write('TAGOld title', 0, 'latin1');
    old.write('Old artist', 33, 'latin1');
    old[127] = 17;
    const path = withTag(0, [], bare('mp3'), old);
    const original = readFileSync(path);
    expect(await readTags(path)).toMatchObject({ title: 'Old title', genres: ['Rock'] });
    const before = await readField(path, genre);
    await write(path, genre, before, ['Rock', 'rainy']);
    expect(await readTags(path)).toMatchObject({ title: 'Old title', artist: 'Old artist', genres: ['Rock', 'rainy'] });
    await putBack(path, genre, before, ['Rock', 'rainy']);
    expect(readFileSync(path).equals(original)).toBe(true);
  });
});

describe('an MP4', () => {
  it.skipIf(!hasFfprobe)('with its index before the audio plays on when the index grows (needs ffmpeg)', async () => {
    const [slow, fast] = [await tagged('m4a'), folder.path('fast.m4a')];
    spawnSync('ffmpeg', ['-v', 'error', '-i', slow, '-map', '0:a', '-c', 'copy', '-movflags', '+faststart', fast]);
    const bytes = readFileSync(fast);
    expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'));
    const samples = samplesOf(fast);
    const before = await readField(fast, own);
    const after = ['long '.repeat(5000).trim()];
    await write(fast, own, before, after);
    expect(samplesOf(fast).equals(samples)).toBe(true);
    await putBack(fast, own, before, after);
    expect(readFileSync(fast).equals(bytes)).toBe(true);
  });

  it.skipIf(!hasFfprobe)('in fragments is refused (needs ffmpeg)', async () => {
    const path = folder.path('fragments.m4a');
    spawnSync('ffmpeg', ['-v', 'error', '-i', bare('m4a'), '-c', 'copy', '-movflags', 'frag_keyframe+empty_moov', path]);
    await expect(readField(path, genre)).rejects.toThrow(/in fragments/);
  });
});

describe('a file', () => {
  it('is known by what it holds and not by its name', async () => {
    const path = folder.path('a flac called.mp3');
    renameSync(bare('flac'), path);
    await write(path, genre, await readField(path, genre), ['Jazz']);
    expect(readFileSync(path).toString('latin1', 0, 4)).toBe('fLaC');
    expect((await readTags(path)).genres).toEqual(['Jazz']);
  });

  it.each(['adts', 'wma', 'wavpack'] as const)('of a kind that is not written to (%s) is refused with a sentence', async (kind) => {
    await expect(readField(bare(kind), genre)).rejects.toThrow(/Tags cannot be written to .*: tags are not written to files of its kind/);
  });

  it('that is no sound, or cut off, is refused and stays', async () => {
    const text = folder.path('text.mp3');
    writeFileSync(text, 'no music at all '.repeat(100));
    await expect(readField(text, genre)).rejects.toMatchObject({ code: 'NOT_AUDIO' });
    const wav = bare('wav');
    writeFileSync(wav, readFileSync(wav).subarray(0, 50_000));
    await expect(readField(wav, genre)).rejects.toThrow(/cut off/);
    expect(readdirSync(folder.path('.')).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('that is read-only is refused, with its path', async () => {
    const path = bare('mp3');
    const before = await readField(path, genre);
    chmodSync(path, 0o444);
    await expect(readField(path, genre)).rejects.toThrow(`${path} is read-only`);
    await expect(write(path, genre, before, ['Jazz'])).rejects.toMatchObject({ code: 'NOT_ALLOWED' });
  });

  it('keeps its permissions, and is written where a link leads', async () => {
    const path = bare('flac');
    chmodSync(path, 0o640);
    const link = folder.path('link.flac');
    symlinkSync(path, link);
    await write(link, genre, await readField(link, genre), ['Jazz']);
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect((await readTags(path)).genres).toEqual(['Jazz']);
    expect(readFileSync(link).equals(readFileSync(path))).toBe(true);
  });

  it('whose field another program changed is left alone', async () => {
    const path = await tagged('ogg');
    const before = await readField(path, genre);
    const file = await tagLib.open(path);
    file.setProperties({ genre: ['Folk'] });
    await file.saveToFile();
    file.dispose();
    const now = readFileSync(path);
    await expect(write(path, genre, before, ['Rock', 'Pop', 'rainy'])).rejects.toThrow(/its genre is “Folk” and not “Rock”, “Pop”/);
    await expect(putBack(path, genre, before, ['Rock', 'Pop', 'rainy'])).rejects.toThrow(/changed by another program/);
    expect(readFileSync(path).equals(now)).toBe(true);
  });

  it('is left alone when its sound would differ', async () => {
    const path = bare('mp3');
    const original = readFileSync(path);
    const before = await readField(path, genre);
    let asked = 0;
    const lying = async (of: string): Promise<AudioProbe> => ({ ...probeAudio(of), audioHash: String(asked++) });
    await expect(changeField(path, { field: genre, before, after: ['Jazz'], direction: 'write' }, lying)).rejects.toThrow(
      /sound would not be the same/,
    );
    expect(readFileSync(path).equals(original)).toBe(true);
    expect(readdirSync(folder.path('.')).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('whose field would read back as something else is left alone', async () => {
    const path = bare('mp3');
    const original = readFileSync(path);
    // A number stands for a genre of a list in ID3.
    await expect(write(path, genre, await readField(path, genre), ['17'])).rejects.toThrow(/the field would say “Rock” and not “17”/);
    expect(readFileSync(path).equals(original)).toBe(true);
  });
});

describe('a custom field', () => {
  it('has a name that every format can hold and that means nothing else', async () => {
    const path = bare('flac');
    const named = (customName: string): Promise<FieldState> => readField(path, { name: 'custom', customName });
    for (const name of ['', ' x', 'a=b', 'ä', 'x'.repeat(61), 'a\0b'])
      await expect(named(name)).rejects.toThrow(/made of letters from A to Z/);
    for (const name of ['Title', 'album artist', 'GENRE', 'description']) await expect(named(name)).rejects.toThrow(/a meaning of its own/);
    await expect(named('my-Tags_2')).resolves.toMatchObject({ values: [] });
  });
});
