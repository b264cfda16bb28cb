/** @file What a playlist is to a file format, and what formats share. */
import { toSystemPath } from '../../../base/index.ts';
import type { Track, TrackId } from '../../../contract/index.ts';

/** A track as a list names it: `bpm` and `key` where its tags tell, else null. */
export type ListedTrack = Pick<
  Track,
  'id' | 'path' | 'title' | 'artist' | 'album' | 'genre' | 'year' | 'durationMs' | 'format' | 'sampleRate' | 'bitRate' | 'addedAt'
> & { bpm: number | null; key: string | null };

/** A playlist that is to be written. `folder`: where its file will lie; null when that is not known. */
export type ListDocument = { name: string; tracks: readonly ListedTrack[]; folder: string | null; version: string };

/** The same with tracks that are read when they are wanted, so that a list of any length is written in small steps. */
export type ListSource = Omit<ListDocument, 'tracks'> & {
  /** Numbers of the tracks in their order. */
  trackIds: readonly TrackId[];
  /** Tracks at some places of the order, in this order. */
  at(places: Iterable<number>): Iterable<ListedTrack>;
};

/** A format: how its files are called and written, and how one is known again. */
export type ListFormat = {
  /** The first is the usual one. */
  extensions: readonly string[];
  /** The file's text, a track or less at a time. */
  pieces(list: ListSource): Iterable<string>;
  /** The file's text as a whole. */
  write(document: ListDocument): string;
  /** True for the text of a file that may be written over: a list of this format. */
  recognises(text: string): boolean;
};

/** A format of which the pieces are told. */
export function formatOf(format: Omit<ListFormat, 'write'>): ListFormat {
  const write = ({ tracks, ...about }: ListDocument): string => {
    const at = function* (places: Iterable<number>): Iterable<ListedTrack> {
      for (const place of places) yield tracks[place] as ListedTrack;
    };
    return [...format.pieces({ ...about, trackIds: tracks.map(({ id }) => id), at })].join('');
  };
  return { ...format, write };
}

/** The folder that was written last: the tracks of an album follow each other in most lists. */
let lastFolder = { plain: '', encoded: '' };

/** A stored path as an address `file://…` (RFC 8089), every byte that is not plain percent-encoded. `host` is empty or `localhost`. */
export function fileAddress(path: string, host: '' | 'localhost' = ''): string {
  const system = toSystemPath(path);
  // Bytes that are no UTF-8 are taken as they are, one character each.
  if (typeof system !== 'string') return addressOf(percentEncoded(system.toString('latin1'), 'latin1'), host);
  const slashed = /^(?:[A-Za-z]:)?\\/.test(system) ? system.replaceAll('\\', '/') : system;
  const end = slashed.lastIndexOf('/') + 1;
  const folder = slashed.slice(0, end);
  if (folder !== lastFolder.plain) lastFolder = { plain: folder, encoded: percentEncoded(folder, 'utf8') };
  return addressOf(lastFolder.encoded + percentEncoded(slashed.slice(end), 'utf8'), host);
}

function addressOf(encoded: string, host: string): string {
  return `file://${host}${encoded.startsWith('/') ? '' : '/'}${encoded}`;
}

function percentEncoded(text: string, encoding: 'utf8' | 'latin1'): string {
  return text.replace(/[^A-Za-z0-9\-._~/:]+/g, (part) =>
    part === ' ' ? '%20' : Buffer.from(part, encoding).toString('hex').toUpperCase().replace(/../g, '%$&'),
  );
}

/** A text in one line: breaks and other control characters become blanks. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}
