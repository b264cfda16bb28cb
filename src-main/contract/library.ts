/** @file The library: folders, tracks, and files that could not be read. */
import { z } from 'zod';
import { folderIdSchema, tagIdSchema, trackIdSchema } from './ids.ts';

export const folderSchema = z.object({
  id: folderIdSchema,
  path: z.string(),
  /** Tracks below it that are present. */
  tracks: z.int(),
  /** `unavailable`: the folder cannot be read now (a drive is not attached, say); its tracks are kept. */
  state: z.enum(['ready', 'unavailable']),
  message: z.string(),
  /** Where a folder that is gone seems to be now, by the sound of its tracks; null where that is not known. */
  movedTo: z.string().nullable(),
  watched: z.boolean(),
  /** The demo library, a part of Earmark: no music of the person's own, never written to, and it goes wherever Earmark is installed. */
  isDemo: z.boolean(),
  addedAt: z.number(),
  scannedAt: z.number().nullable(),
});
/** A folder that a person added to the library; times in ms since 1970. */
export type Folder = z.infer<typeof folderSchema>;

/**
 * What is known of a track: `waiting` (read, not yet indexed by the chosen encoder), `indexed`, `partial` (damaged or truncated, indexed as far
 * as it goes), `failed` (indexing failed), `missing` (its file is gone; everything attached to it is kept).
 */
export const trackStates = ['waiting', 'indexed', 'partial', 'failed', 'missing'] as const;
export type TrackState = (typeof trackStates)[number];

export const trackSchema = z.object({
  id: trackIdSchema,
  folderId: folderIdSchema,
  path: z.string(),
  /** From the tags, else the file's name without its extension. */
  title: z.string(),
  artist: z.string(),
  album: z.string(),
  year: z.int().nullable(),
  genre: z.string(),
  durationMs: z.number(),
  /** As people say it: `MP3`, `FLAC`, `Ogg Vorbis`, `Opus`, `AAC`, `ALAC`, `WAV`, `AIFF`, `WMA`. */
  format: z.string(),
  sampleRate: z.int(),
  channels: z.int(),
  bitRate: z.number(),
  addedAt: z.number(),
  state: z.enum(trackStates),
  /** Why a track is `partial`, `failed` or `missing`; empty otherwise. */
  stateMessage: z.string(),
});
/** One row of the table of tracks. */
export type Track = z.infer<typeof trackSchema>;

export const trackSortKeys = ['title', 'artist', 'album', 'year', 'genre', 'durationMs', 'format', 'addedAt', 'state', 'path'] as const;
export type TrackSortKey = (typeof trackSortKeys)[number];

export const searchSchema = z.string().max(500);

export const trackQuerySchema = z.strictObject({
  /** Every word must occur in title, artist, album, genre, year or path; case and accents do not matter. */
  search: searchSchema,
  sort: z.array(z.strictObject({ key: z.enum(trackSortKeys), descending: z.boolean() })).max(2),
  offset: z.int().min(0),
  limit: z.int().min(0).max(1000),
  /** Only tracks below this folder. */
  folderId: folderIdSchema.optional(),
  /** Only tracks that carry this tag, as a whole or in a passage. */
  tagId: tagIdSchema.optional(),
  /** Missing tracks are left out unless asked for. */
  includeMissing: z.boolean().optional(),
});
export type TrackQuery = z.infer<typeof trackQuerySchema>;

export const trackPageSchema = z.object({ total: z.int(), rows: z.array(trackSchema) });
export type TrackPage = z.infer<typeof trackPageSchema>;

export const librarySummarySchema = z.object({
  folders: z.int(),
  tracks: z.int(),
  missing: z.int(),
  problems: z.int(),
  audioMs: z.number(),
  /** Of these the person's own, without the demo library; all where there are no others. A run over the whole library learns from them. */
  ownTracks: z.int(),
  ownAudioMs: z.number(),
  /** When the first of its tracks came, missing ones among them; in ms since 1970, null without tracks. */
  firstAddedAt: z.number().nullable(),
});
export type LibrarySummary = z.infer<typeof librarySummarySchema>;

export const problemSchema = z.object({
  path: z.string(),
  code: z.string(),
  message: z.string(),
  /** Where it arose. */
  during: z.enum(['scan', 'index']),
  trackId: trackIdSchema.nullable(),
  at: z.number(),
});
/** A file or folder that could not be read, and why. */
export type Problem = z.infer<typeof problemSchema>;

export const peaksSchema = z.object({
  /** Bins a second. */
  peaksPerSecond: z.number(),
  durationMs: z.number(),
  /** Base64 of one byte a bin: the largest absolute amplitude, 255 = full scale. */
  peaks: z.string(),
});
/** A track's waveform. */
export type Peaks = z.infer<typeof peaksSchema>;
