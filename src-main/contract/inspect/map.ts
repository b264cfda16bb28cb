/** @file A map: tracks or segments of a space in two dimensions. Neighbours are near each other; axes and distances between groups mean nothing. */
import { z } from 'zod';
import { encoderIdSchema, trackIdSchema } from '../ids.ts';
import { featureNumberSchema } from '../listen.ts';

/** `umap`: McInnes, Healy and Melville 2018; `tsne`: van der Maaten and Hinton 2008. */
export const mapMethods = ['umap', 'tsne'] as const;
export type MapMethod = (typeof mapMethods)[number];

/** As people call them. */
export const mapMethodNames: Readonly<Record<MapMethod, string>> = { umap: 'UMAP', tsne: 't-SNE' };

/** What may be read in a map, and what may not. */
export const mapMeaning = 'What is near sounds alike to this encoder; axes, sizes of groups and distances between them mean nothing.';

/** What a point is: a track, at the mean of its segments, or a segment. */
export const mapLevels = ['tracks', 'segments'] as const;
export type MapLevel = (typeof mapLevels)[number];

/** Points that a map has at most; of more, as many are taken evenly. */
export const mostMapPoints = 100_000;

export const mapWishSchema = z.strictObject({
  encoderId: encoderIdSchema,
  method: z.enum(mapMethods),
  level: z.enum(mapLevels),
  /** Tracks that are taken, spread over the library; null takes all. */
  tracks: z.int().min(1).max(mostMapPoints).nullable().default(null),
  /** Segments that are taken of each track, spread over it; null takes all. */
  perTrack: z.int().min(1).max(mostMapPoints).nullable().default(null),
});
/** Which map is meant. */
export type MapWish = z.infer<typeof mapWishSchema>;

/** What the map of segments in CLMR's thesis shows (Fig. 6.1): ten tracks, sixty segments of each. */
export const tenTracks = { method: 'tsne', level: 'segments', tracks: 10, perTrack: 60 } as const satisfies Omit<MapWish, 'encoderId'>;

export const musicMapSchema = z.object({
  wish: mapWishSchema,
  /** When it was drawn, in ms since 1970. */
  drawnAt: z.number(),
  /** Whether tracks or segments are others by now. */
  isOutdated: z.boolean(),
  points: z.int(),
  /** Segments, or tracks, that could be points. */
  outOf: z.int(),
  /** Step from one segment's start to the next's, and a segment's length, in ms. */
  hopMs: z.number(),
  segmentMs: z.number(),
  /** Tracks with points; a title is empty where a file has none, or the track was taken out of the library since. */
  tracks: z.array(z.object({ trackId: trackIdSchema, title: z.string(), artist: z.string() })),
  /** Base64 of float32 `[points, 2]`. */
  places: z.string(),
  /** Base64 of int32 `[points]`: whose point it is, by place in `tracks`. */
  owners: z.string(),
  /** Base64 of int32 `[points]`: numbers of segments; -1 for whole tracks. */
  segments: z.string(),
});
export type MusicMap = z.infer<typeof musicMapSchema>;

export const keptMapSchema = z.object({
  /** Differs where tracks or segments do. */
  key: z.string(),
  drawnAt: z.number(),
  outOf: z.int(),
  trackIds: z.array(trackIdSchema),
  places: z.base64(),
  owners: z.base64(),
  segments: z.base64(),
});
/** A map as it is kept; arrays as base64, as in a map. */
export type KeptMap = z.infer<typeof keptMapSchema>;

/** What points can be coloured by, besides a neuron. */
export const mapGroupings = ['tag', 'genre', 'artist', 'album', 'folder', 'track'] as const;
export type MapGrouping = (typeof mapGroupings)[number];

export const mapColoursWishSchema = z.strictObject({ map: mapWishSchema, by: z.enum(mapGroupings) });
export const mapGroupsSchema = z.object({
  /** Those of most points first, the most that can be told apart by colours. */
  groups: z.array(z.object({ name: z.string(), points: z.int() })),
  /** Groups that are there besides, and points that belong to those or to none. */
  others: z.int(),
  otherPoints: z.int(),
  /** Base64 of int32 `[tracks]`: the group of each of the map's tracks; -1 where it has none of them. */
  groupOf: z.string(),
});
export type MapGroups = z.infer<typeof mapGroupsSchema>;

export const mapValuesWishSchema = z.strictObject({ map: mapWishSchema, neuron: featureNumberSchema });
export const mapValuesSchema = z.object({
  least: z.number(),
  greatest: z.number(),
  /** Base64 of float32 `[points]`; no number where a segment is gone. */
  values: z.string(),
});
export type MapValues = z.infer<typeof mapValuesSchema>;
