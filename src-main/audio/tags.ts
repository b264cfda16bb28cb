/**
 * @file What a file's tags say. Tags are other people's text: anything may be missing, wrong or broken, and none of it stops a scan.
 *
 * TagLib picks the format by a file's extension before it looks inside, and takes a FLAC called `.mp3` for an MP3 without tags. It is
 * therefore given the open file under a name without an extension, which also lets it read names that are not UTF-8.
 */
import { TagLib } from 'taglib-wasm';
import type { AudioFile } from 'taglib-wasm';
import { FileSource } from './file-source.ts';
import { containerTexts } from './texts/container-texts.ts';
import { ownTexts } from './texts/own-texts.ts';

/** Tags of one file; null where there is none. */
export type FileTags = {
  title: string | null;
  artist: string | null;
  album: string | null;
  albumArtist: string | null;
  year: number | null;
  genres: string[];
  trackNumber: number | null;
  discNumber: number | null;
  composer: string | null;
  /** Beats a minute. */
  bpm: number | null;
  comment: string | null;
  mood: string | null;
  grouping: string | null;
  /** Every other text tag, under TagLib's name. */
  other: Record<string, string[]>;
  /** What was wrong with the tags, as a sentence; left out when nothing was. */
  problem?: string;
};

/** A cover picture. */
export type Picture = { mimeType: string; data: Uint8Array };

/** What TagLib reads in a file, as it is: texts under TagLib's names, and pictures. */
export type TagProperties = {
  texts: Map<string, string[]>;
  pictures: { type: string; description: string; data: Uint8Array }[];
};

/** Longer values are cut; a lyric sheet has about 5 000 characters. */
const longestValue = 100_000;

const namedTags = [
  'title',
  'artist',
  'album',
  'albumArtist',
  'date',
  'genre',
  'trackNumber',
  'discNumber',
  'composer',
  'bpm',
  'comment',
  'mood',
  'grouping',
];

let loading: Promise<TagLib> | null = null;

/**
 * Reads the tags of a file. Tags that cannot be read give empty fields and a `problem`.
 * @param path stored form (see `toStoredPath`)
 * @throws AppError FILE_GONE, NOT_ALLOWED, FILE_UNREADABLE, FILE_EMPTY, BAD_INPUT when the file itself cannot be read
 */
export async function readTags(path: string): Promise<FileTags> {
  const read = await withTagLib(path, (file) => new Map(Object.entries(file.properties()).map(([name, values]) => [name, values ?? []])));
  const properties = withOwnTexts(path, read.value ?? new Map<string, string[]>());
  const tags = toFileTags(properties);
  return read.problem === null || properties.size > 0 ? tags : { ...tags, problem: read.problem };
}

/**
 * Reads all tags of a file without cleaning them.
 * @param path stored form (see `toStoredPath`)
 * @returns null when they cannot be read
 * @throws AppError as {@link readTags}
 */
export async function readProperties(path: string): Promise<TagProperties | null> {
  const read = await withTagLib(path, (file) => ({
    texts: new Map(Object.entries(file.properties()).map(([name, values]) => [name, values ?? []])),
    pictures: file.getPictures().map(({ type, description = '', data }) => ({ type, description, data: Uint8Array.from(data) })),
  }));
  return read.value;
}

/**
 * Reads a file's front cover, or its first picture where none is marked as that.
 * @param path stored form (see `toStoredPath`)
 * @returns null when there is no picture or it cannot be read
 * @throws AppError as {@link readTags}
 */
export async function readPicture(path: string): Promise<Picture | null> {
  const read = await withTagLib(path, (file) => {
    const pictures = file.getPictures().filter(({ data }) => data.length > 0);
    return pictures.find(({ type }) => type === 'FrontCover') ?? pictures[0] ?? null;
  });
  const picture = read.value;
  if (picture === null) return null;
  return { mimeType: pictureType(picture.data) ?? picture.mimeType, data: Uint8Array.from(picture.data) };
}

type Read<T> = { value: T | null; problem: string | null };

async function withTagLib<T>(path: string, use: (file: AudioFile) => T): Promise<Read<T>> {
  const source = new FileSource(path);
  try {
    const tagLib = await (loading ??= TagLib.initialize());
    const file = await tagLib.open(source.openName);
    try {
      return { value: use(file), problem: null };
    } finally {
      file.dispose();
    }
  } catch {
    // An exception may have passed through WebAssembly frames and left their stack askew: the next file gets a fresh instance.
    loading = null;
    return { value: null, problem: 'The tags could not be read: they are damaged, or the file is of a kind that holds none.' };
  } finally {
    source.close();
  }
}

function withOwnTexts(path: string, properties: Map<string, string[]>): Map<string, string[]> {
  const source = new FileSource(path);
  try {
    const own = ownTexts((position, length) => source.readAt(position, length), source.size);
    const further = new Map([...containerTexts(path), ...own.further]);
    const isSaid = (name: string): boolean => (properties.get(name) ?? []).some((value) => value.trim() !== '');
    const added = [...further].filter(([name]) => !isSaid(name));
    return new Map([...properties, ...added, ...finerTempo(properties, further), ...own.better]);
  } finally {
    source.close();
  }
}

/** TagLib leaves out a tempo's decimals. */
function finerTempo(properties: Map<string, string[]>, further: Map<string, string[]>): [string, string[]][] {
  const [whole, finer] = [properties, further].map((texts) => tempoOf(texts.get('bpm')?.[0]));
  const isFiner = typeof whole === 'number' && typeof finer === 'number' && Math.abs(whole - finer) < 1;
  return isFiner ? [['bpm', [String(finer)]]] : [];
}

function toFileTags(properties: Map<string, string[]>): FileTags {
  const problems = new Set<string>();
  const clean = (value: string): string => cleaned(value, problems);
  const values = (name: string): string[] => (properties.get(name) ?? []).map(clean).filter((value) => value !== '');
  const text = (name: string): string | null => values(name).join(', ') || null;
  const other: Record<string, string[]> = {};
  for (const name of properties.keys()) {
    const kept = namedTags.includes(name) ? [] : values(name);
    if (kept.length > 0) other[name] = kept;
  }
  const tags: FileTags = {
    title: text('title'),
    artist: text('artist'),
    album: text('album'),
    albumArtist: text('albumArtist'),
    year: yearOf(values('date')[0]),
    genres: [...new Set(values('genre').flatMap((genre) => genre.split(';').map((part) => part.trim())))].filter((genre) => genre !== ''),
    trackNumber: countOf(values('trackNumber')[0]),
    discNumber: countOf(values('discNumber')[0]),
    composer: text('composer'),
    bpm: tempoOf(values('bpm')[0]),
    comment: text('comment'),
    mood: text('mood'),
    grouping: text('grouping'),
    other,
  };
  return problems.size === 0 ? tags : { ...tags, problem: [...problems].join(' ') };
}

/** Trims, and takes out what no text holds; says so where that may lose something. */
function cleaned(value: string, problems: Set<string>): string {
  if (!value.isWellFormed() || value.includes('\ufffd')) problems.add('Some tags are not valid text; what cannot be read shows as \ufffd.');
  if (value.length > longestValue) problems.add(`A tag is longer than ${longestValue} characters and was cut.`);
  // Padding with zero bytes is common in old tags.
  return fromWindows(value.toWellFormed()).replaceAll('\0', ' ').trim().slice(0, longestValue).toWellFormed();
}

/** What was written in Windows' Western code page and read as Latin-1 has control characters where quotes, dashes and the euro belong. */
function fromWindows(text: string): string {
  const decoder = new TextDecoder('windows-1252');
  return text.replace(/[\u0080-\u009f]/g, (character) => decoder.decode(Uint8Array.of(character.charCodeAt(0))));
}

/** A date begins with its year; anything else is no date. */
function yearOf(date: string | undefined): number | null {
  const year = Number(/\b(\d{4})\b/.exec(date ?? '')?.[1] ?? /^\d{4}/.exec(date ?? '')?.[0] ?? 0);
  return year > 0 ? year : null;
}

/** `3` and `3/12` are both 3. */
function countOf(value: string | undefined): number | null {
  const count = Number(/^\d{1,6}/.exec(value ?? '')?.[0] ?? 0);
  return count > 0 ? count : null;
}

function tempoOf(value: string | undefined): number | null {
  // Some programs write the unit behind it, and some a comma.
  const tempo = Number((/^\s*(\d+(?:[.,]\d+)?)/.exec(value ?? '')?.[1] ?? '').replace(',', '.'));
  return Number.isFinite(tempo) && tempo > 0 && tempo < 10_000 ? tempo : null;
}

/** What the picture's bytes are; taggers often write `image/jpg` or nothing. */
function pictureType(data: Uint8Array): string | null {
  const head = Buffer.from(data.subarray(0, 12)).toString('latin1');
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (head.startsWith('\x89PNG')) return 'image/png';
  if (head.startsWith('GIF8')) return 'image/gif';
  if (head.startsWith('BM')) return 'image/bmp';
  return head.startsWith('RIFF') && head.startsWith('WEBP', 8) ? 'image/webp' : null;
}
