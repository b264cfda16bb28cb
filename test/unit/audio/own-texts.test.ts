/** @file Tags that TagLib reads in part: several kinds in one file, old names, odd genres, packed frames, other code pages, large WAV and AIFF files. */
import { readFileSync, writeFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { readTags } from '../../../src-main/audio/index.ts';
import { id3Texts } from '../../../src-main/audio/texts/id3-texts.ts';
import { commentTexts } from '../../../src-main/audio/texts/other-texts.ts';
import { ownTexts } from '../../../src-main/audio/texts/own-texts.ts';
import type { FileTags } from '../../../src-main/audio/index.ts';
import { makeFolder } from '../../support/decode-all.ts';
import { makeAudio, tone } from '../../support/make-audio.ts';

const folder = makeFolder();
afterAll(folder.remove);

const source = folder.path('source.mp3');
makeAudio(source, { kind: 'mp3', seconds: 0.3, sound: tone(440) });
const whole = readFileSync(source);
const audio = whole.subarray(whole.indexOf(Buffer.from([0xff, 0xfb])));
makeAudio(folder.path('source.flac'), { kind: 'flac', seconds: 0.3, sound: tone(440) });
const flac = readFileSync(folder.path('source.flac'));

const size = (bytes: number): number[] => [21, 14, 7, 0].map((shift) => (bytes >> shift) & 127);

function frame(id: string, content: string | Buffer, flags = 0): Buffer {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'latin1') : content;
  return Buffer.concat([Buffer.from(id), Buffer.from([...size(bytes.length), 0, flags]), bytes]);
}

function tag(version: number, flags: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from('ID3'), Buffer.from([version, 0, flags, ...size(body.length)]), body]);
}

function old(fields: { title: string; album?: string; year?: string; genre?: number; track?: number }): Buffer {
  const bytes = Buffer.alloc(128);
  bytes.write('TAG', 'latin1');
  bytes.write(fields.title, 3, 'latin1');
  bytes.write(fields.album ?? '', 63, 'latin1');
  bytes.write(fields.year ?? '', 93, 'latin1');
  bytes[126] = fields.track ?? 0;
  bytes[127] = fields.genre ?? 255;
  return bytes;
}

function ape(items: Record<string, string>): Buffer {
  const body = Buffer.concat(
    Object.entries(items).map(([name, value]) => {
      const head = Buffer.alloc(8);
      head.writeUInt32LE(Buffer.byteLength(value));
      return Buffer.concat([head, Buffer.from(`${name}\0${value}`)]);
    }),
  );
  const foot = Buffer.alloc(32);
  foot.write('APETAGEX', 'latin1');
  foot.writeUInt32LE(2000, 8);
  foot.writeUInt32LE(body.length + 32, 12);
  foot.writeUInt32LE(Object.keys(items).length, 16);
  return Buffer.concat([body, foot]);
}

let made = 0;
async function tagsOf(...parts: Buffer[]): Promise<FileTags> {
  const path = folder.path(`${made++}`);
  writeFileSync(path, Buffer.concat(parts));
  return readTags(path);
}

function comments(...lines: (string | Buffer)[]): Promise<FileTags> {
  const number = (value: number): Buffer => Buffer.from([value & 255, value >> 8, 0, 0]);
  const bytes = lines.map((line) => (typeof line === 'string' ? Buffer.from(line) : line));
  const list = Buffer.concat([number(0), number(lines.length), ...bytes.flatMap((line) => [number(line.length), line])]);
  const information = flac.subarray(4, 42);
  let at = 4;
  while (((flac[at] ?? 0) & 128) === 0) at += 4 + flac.readUIntBE(at + 1, 3);
  const sound = flac.subarray(at + 4 + flac.readUIntBE(at + 1, 3));
  const head = Buffer.from([0x84, 0, list.length >> 8, list.length & 255]);
  return tagsOf(Buffer.from('fLaC'), Buffer.concat([Buffer.from([0]), information.subarray(1)]), head, list, sound);
}

describe('an MP3 with tags of several kinds', () => {
  it('says in the further ones what the first leaves out, field by field', async () => {
    const gain = tag(4, 0, frame('TXXX', '\x03replaygain_track_gain\0-3 dB'));
    const v1 = old({ title: 'Old title', album: 'Old', year: '1999', genre: 17, track: 7 });
    expect(await tagsOf(gain, audio, v1)).toMatchObject({ title: 'Old title', album: 'Old', year: 1999, genres: ['Rock'], trackNumber: 7 });
    const items = ape({ Title: 'From APE', Artist: 'Ape', 'Album Artist': 'Various', Year: '2001' });
    expect(await tagsOf(gain, audio, items, v1)).toMatchObject({
      title: 'From APE',
      artist: 'Ape',
      albumArtist: 'Various',
      year: 2001,
      album: 'Old',
    });
    const some = tag(4, 0, frame('TIT2', '\x03New title'), frame('TPE1', '\x03'));
    expect(await tagsOf(some, audio, items)).toMatchObject({ title: 'New title', artist: 'Ape' });
  });

  it('is read behind an extended header, and where frames are compressed', async () => {
    expect(await tagsOf(tag(3, 0x40, Buffer.from([0, 0, 0, 6, 0, 0, 0, 0, 0, 0]), frame('TIT2', '\0Extended')), audio)).toMatchObject({
      title: 'Extended',
    });
    const text = Buffer.from('\x03packed '.repeat(3).replaceAll('\x03', '').replace(/^/, '\x03'));
    const packed = Buffer.concat([Buffer.from(size(text.length)), deflateSync(text)]);
    expect(await tagsOf(tag(4, 0, frame('TIT2', packed, 0x09)), audio)).toMatchObject({ title: 'packed packed packed' });
    expect(await tagsOf(tag(4, 0, frame('TIT2', packed.subarray(0, 9), 0x09)), audio)).toMatchObject({ title: null });
  });

  it('keeps decimals of its tempo, and characters of Windows’ code page', async () => {
    for (const [text, bpm] of [
      ['127.96', 127.96],
      ['127,96', 127.96],
      ['128 BPM', 128],
      [' 140 ', 140],
      ['0', null],
    ] as const)
      expect((await tagsOf(tag(4, 0, frame('TBPM', `\x03${text}`)), audio)).bpm, text).toBe(bpm);
    expect((await tagsOf(tag(3, 0, frame('TIT2', '\0It\x92s 5\x80 \x96 Caf\xe9')), audio)).title).toBe('It’s 5€ – Café');
  });

  it.each([
    ['(RX)(CR)(17)', ['Remix', 'Cover', 'Rock']],
    ['((Foo)', ['(Foo)']],
    ['(4)Eurodisco', ['Disco', 'Eurodisco']],
    ['1980', ['1980']],
    ['80', ['Folk']],
    ['255', []],
    ['(RX)', ['Remix']],
    ['(255)Own', ['Own']],
    ['17\0(9)\0Dream Pop', ['Rock', 'Metal', 'Dream Pop']],
    ['(2020 mix', ['(2020 mix']],
  ])('says the genres of %j', async (text, genres) => {
    expect((await tagsOf(tag(4, 0, frame('TCON', `\x03${text}`)), audio)).genres).toEqual(genres);
  });
});

describe('Vorbis comments', () => {
  it('are known by the names that programs give them, to their ends', async () => {
    expect(await comments('TITLE=a', 'ALBUM ARTIST=Various', 'YEAR=1977', 'BPM=127.96', 'GENRE=Rock\0Pop', 'genre=17')).toMatchObject({
      ...{ title: 'a', albumArtist: 'Various', year: 1977, bpm: 127.96, genres: ['Rock', 'Pop', '17'] },
    });
    expect(await comments('DATE=2011', 'YEAR=1977', 'ALBUMARTIST=One', 'ALBUM ARTIST=Two')).toMatchObject({
      year: 2011,
      albumArtist: 'One',
    });
  });

  it('that are no UTF-8 are kept as far as they can be read, and told', async () => {
    const tags = await comments('TITLE=a', Buffer.from('ARTIST=Caf\xe9', 'latin1'));
    expect(tags).toMatchObject({ artist: 'Caf\ufffd', problem: expect.stringMatching(/not valid text/) as string });
  });
});

it.each(['RF64', 'BW64', 'RIFF'])('a WAV file of the form %s says its texts', async (form) => {
  const chunk = (id: string, content: Buffer, length = content.length): Buffer => {
    const head = Buffer.alloc(8);
    head.write(id, 'latin1');
    head.writeUInt32LE(length, 4);
    return Buffer.concat([head, content, Buffer.alloc(content.length % 2)]);
  };
  const long = Buffer.alloc(28);
  long.writeBigUInt64LE(1000n, 8);
  const list = Buffer.concat([Buffer.from('INFO'), chunk('INAM', Buffer.from('Named\0')), chunk('IGNR', Buffer.from('Rock\0'))]);
  const format = Buffer.from([1, 0, 1, 0, 0x40, 0x1f, 0, 0, 0x80, 0x3e, 0, 0, 2, 0, 16, 0]);
  const isLong = form !== 'RIFF';
  const body = Buffer.concat([
    Buffer.from('WAVE'),
    ...(isLong ? [chunk('ds64', long)] : []),
    chunk('fmt ', format),
    chunk('data', Buffer.alloc(1000), isLong ? 0xffff_ffff : 1000),
    chunk('LIST', list),
  ]);
  expect(await tagsOf(chunk(form, body, isLong ? 0xffff_ffff : body.length))).toMatchObject({ title: 'Named', genres: ['Rock'] });
});

describe('8-bit texts of ID3', () => {
  const cyrillic = Buffer.from([0xc3, 0xf0, 0xf3, 0xef, 0xef, 0xe0, 0x20, 0xea, 0xf0, 0xee, 0xe2, 0xe8]);
  const japanese = Buffer.from([0x82, 0xb3, 0x82, 0xad, 0x82, 0xe7, 0x81, 0x69, 0x93, 0xc6, 0x8f, 0xa5, 0x81, 0x6a]);
  const texts: [what: string, bytes: Buffer, title: string][] = [
    ['Cyrillic', cyrillic, 'Группа крови'],
    ['Japanese', japanese, 'さくら（独唱）'],
    ['UTF-8', Buffer.from('Größe – ночь'), 'Größe – ночь'],
    ['Western, with quotation marks', Buffer.from('Don\x92t \x93Stop\x94 \x96 \x80', 'latin1'), 'Don’t “Stop” – €'],
    ['Western, with accents', Buffer.from('L\x92\xe9t\xe9 na\xefve \xc0 \xc9l\xe9onore', 'latin1'), 'L’été naïve À Éléonore'],
    ['Western, in capitals', Buffer.from('\xc0 \xd6STERREICH \xc5\xc4\xd6', 'latin1'), 'À ÖSTERREICH ÅÄÖ'],
  ];

  it.each(texts)('are read where they are %s', async (_, bytes, title) => {
    const v1 = Buffer.concat([Buffer.from('TAG'), bytes, Buffer.alloc(125 - bytes.length)]);
    expect(await tagsOf(tag(4, 0, frame('TIT2', Buffer.concat([Buffer.from([0]), bytes]))), audio)).toMatchObject({ title });
    expect(await tagsOf(audio, v1)).toMatchObject({ title });
    expect(await tagsOf(tag(4, 0, frame('TXXX', '\x03MOOD\0')), audio, v1)).toMatchObject({ title });
  });

  it('of one tag are in one code page, also where one alone would not tell', async () => {
    const [short, long] = [Buffer.from([0xcc, 0xfb]), cyrillic].map((bytes) => Buffer.concat([Buffer.from([0]), bytes]));
    const both = tag(4, 0, frame('TIT2', short ?? ''), frame('TPE1', long ?? ''));
    expect(await tagsOf(both, audio)).toMatchObject({ title: 'Мы', artist: 'Группа крови' });
  });
});

describe('tempos with decimals', () => {
  it('are read in an APE tag alone and in AIFF', async () => {
    expect(await tagsOf(audio, ape({ Title: 'x', BPM: '127.96' }))).toMatchObject({ bpm: 127.96 });
    const tagged = tag(4, 0, frame('TBPM', '\x03127.96'), frame('TIT2', '\x03Named'));
    expect(await tagsOf(aiff(['ID3 ', tagged]))).toMatchObject({ title: 'Named', bpm: 127.96 });
  });

  it('are not mixed with a tempo that is another', async () => {
    expect(await tagsOf(tag(4, 0, frame('TBPM', '\x0364')), audio, ape({ BPM: '127.96' }))).toMatchObject({ bpm: 64 });
  });
});

/** An AIFF file of a few samples, with further chunks. */
function aiff(...chunks: [id: string, content: Buffer][]): Buffer {
  const chunk = (id: string, content: Buffer): Buffer => {
    const head = Buffer.alloc(8);
    head.write(id, 'latin1');
    head.writeUInt32BE(content.length, 4);
    return Buffer.concat([head, content, Buffer.alloc(content.length % 2)]);
  };
  const common = Buffer.from([0, 1, 0, 0, 1, 0, 0, 16, 0x40, 0x0b, 0xfa, 0, 0, 0, 0, 0, 0, 0]);
  const all = [['COMM', common] as const, ...chunks, ['SSND', Buffer.alloc(520)] as const];
  return chunk('FORM', Buffer.concat([Buffer.from('AIFF'), ...all.map(([id, content]) => chunk(id, content))]));
}

describe('what a container says itself', () => {
  it('is read where no tag says it: the names of an AIFF file', async () => {
    const named = await tagsOf(aiff(['NAME', Buffer.from('Named')], ['AUTH', Buffer.from('Somebody')]));
    expect(named).toMatchObject({ title: 'Named', artist: 'Somebody' });
  });

  it('stands behind a tag', async () => {
    const tagged = tag(4, 0, frame('TIT2', '\x03Tagged'));
    expect(await tagsOf(aiff(['NAME', Buffer.from('Named')], ['ID3 ', tagged]))).toMatchObject({ title: 'Tagged' });
  });
});

it('an ID3v2 tag before a FLAC file fills in what its comments leave out', async () => {
  const before = tag(3, 0, frame('TIT2', '\0Before'), frame('TPE1', '\0Two'));
  expect(await tagsOf(before, flac)).toMatchObject({ title: 'Before', artist: 'Two' });
});

it('an APE tag is found behind lyrics, and a frame of a group is read', async () => {
  const lyrics = Buffer.from('LYRICSBEGINLYR00005hello000024LYRICS200');
  expect(await tagsOf(audio, ape({ Title: 'Below' }), lyrics, old({ title: 'Old' }))).toMatchObject({ title: 'Below' });
  expect(await tagsOf(tag(3, 0, frame('TIT2', '\x05\0Grouped', 0x20)), audio)).toMatchObject({ title: 'Grouped' });
});

describe('tags that were made to be much work', () => {
  const many = 3000;

  it('say so much of one field and no more', () => {
    const number = (value: number): Buffer => Buffer.from(new Uint32Array([value]).buffer);
    const line = Buffer.from('GENRE=b');
    const lines = Array<Buffer>(many).fill(Buffer.concat([number(line.length), line]));
    const list = Buffer.concat([number(0), number(many), Buffer.concat(lines)]);
    expect(commentTexts(list).get('genre')).toHaveLength(1000);
    expect(id3Texts(tag(4, 0, Buffer.concat(Array<Buffer>(many).fill(frame('TCON', '\x03b'))))).texts.get('genre')).toHaveLength(1000);
  });

  it('are not unpacked beyond what a tag may hold, all frames together', () => {
    const text = Buffer.alloc(4 * 2 ** 20, 'a').fill(3, 0, 1);
    const packed = frame('TCON', Buffer.concat([Buffer.from(size(text.length)), deflateSync(text)]), 0x09);
    const genres = id3Texts(tag(4, 0, ...Array<Buffer>(100).fill(packed), frame('TIT2', '\x03after'))).texts;
    expect(genres.get('genre')).toHaveLength(4);
    expect(genres.get('title')).toEqual(['after']);
  });

  it('end where blocks of a FLAC file go on without end', () => {
    let reads = 0;
    const endless = (position: number, length: number): Uint8Array => {
      reads++;
      return position === 0 ? Buffer.from('fLaC').subarray(0, length) : Buffer.alloc(length);
    };
    expect(ownTexts(endless, 2 ** 40).better.size).toBe(0);
    expect(reads).toBeLessThan(2000);
  });
});
