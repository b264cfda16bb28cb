/** @file Playlists: lists in a person's order, and smart ones that are asked anew each time. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { playlistIdSchema, trackIdSchema } from './ids.ts';
import { trackSchema, trackSortKeys } from './library.ts';
import { similarQuerySchema, trackFilterSchema } from './similar.ts';

export const smartQuerySchema = z.discriminatedUnion('kind', [
  /** Tracks that pass a filter. */
  z.strictObject({
    kind: z.literal('filter'),
    filter: trackFilterSchema,
    sort: z.strictObject({ key: z.enum(trackSortKeys), descending: z.boolean() }).nullable(),
    limit: z.int().min(1).max(10_000),
  }),
  /** Tracks near examples. */
  z.strictObject({ kind: z.literal('similar'), query: similarQuerySchema }),
]);
/** What a smart playlist asks. */
export type SmartQuery = z.infer<typeof smartQuerySchema>;

export const playlistSchema = z.object({
  id: playlistIdSchema,
  name: z.string(),
  /** Null: a list in a person's own order. */
  smart: smartQuerySchema.nullable(),
  /** Tracks in it; null for smart ones, which are not asked for a listing. */
  tracks: z.int().nullable(),
  createdAt: z.number(),
  updatedAt: z.number(),
});
export type Playlist = z.infer<typeof playlistSchema>;

export const playlistFormats = ['m3u8', 'jspf', 'csv', 'rekordbox'] as const;
/** Formats that playlists leave in. */
export type PlaylistFormat = (typeof playlistFormats)[number];

const name = z.string().trim().min(1).max(200);
const one = z.strictObject({ playlistId: playlistIdSchema });
const trackIds = z.array(trackIdSchema).max(100_000);
const filePath = z.string().min(1).max(4096);

export const playlistsContract = {
  playlists: {
    list: oc.output(z.array(playlistSchema)),
    /** A page of a playlist's tracks in its order, the first thousand unless told; a smart one is asked now. */
    tracks: oc
      .input(one.extend({ offset: z.int().min(0).optional(), limit: z.int().min(0).max(1000).optional() }))
      .output(z.object({ playlist: playlistSchema, total: z.int(), rows: z.array(trackSchema) })),
    /** All tracks of a playlist by their numbers, in its order. */
    trackIds: oc.input(one).output(z.object({ trackIds: z.array(trackIdSchema) })),
    create: oc
      .input(z.strictObject({ name, trackIds: trackIds.default([]), smart: smartQuerySchema.nullable().default(null) }))
      .output(playlistSchema),
    rename: oc.input(one.extend({ name })).output(playlistSchema),
    /** Takes a playlist out of the list; `restore` brings it back. */
    remove: oc.input(one).output(z.void()),
    restore: oc.input(one).output(z.void()),
    /** Puts tracks in, at a position or at the end; a track may be in it twice. */
    add: oc.input(one.extend({ trackIds, at: z.int().min(0).optional() })).output(playlistSchema),
    /** The whole list anew: reordered, shortened, or as it was before. */
    setTracks: oc.input(one.extend({ trackIds })).output(playlistSchema),
    /** Changes what a smart playlist asks; null makes a list of its tracks as they are now. */
    setSmart: oc.input(one.extend({ smart: smartQuerySchema.nullable() })).output(playlistSchema),
    /** The playlist as a file's text, for a browser to save, or written to a path. */
    export: oc
      .input(one.extend({ format: z.enum(playlistFormats), path: filePath.optional() }))
      .output(z.object({ fileName: z.string(), text: z.string(), path: z.string().nullable(), missing: z.int() })),
    /** Reads an M3U or M3U8 list: its text, and the folder that its relative paths start from when that is known. */
    importM3u: oc
      .input(z.strictObject({ name, text: z.string().max(50_000_000), folder: filePath.optional() }))
      .output(z.object({ playlist: playlistSchema, notFound: z.array(z.string()) })),
  },
};
