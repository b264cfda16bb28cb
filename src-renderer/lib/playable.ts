/** @file What can be played, and what the parts of the player say to each other. */

import { shownName } from './format.ts';

/** A stretch of a track, ends in ms. */
export interface SegmentBounds {
  /** Which segment of the index it is; null for a passage that is none. */
  readonly number: number | null;
  readonly startMs: number;
  readonly endMs: number;
}

/** Something that can be played: a whole track, or one segment of it. */
export interface Playable {
  readonly trackId: number;
  readonly title: string;
  readonly artist: string;
  readonly durationMs: number | null;
  readonly segment: SegmentBounds | null;
}

/** A track of the library, as far as playing it goes. */
export interface PlayableTrack {
  readonly id: number;
  readonly title: string;
  readonly artist: string;
  readonly durationMs: number;
}

/** A row of the table of segments, as far as playing it goes. */
export interface PlayableSegment {
  readonly trackId: number;
  readonly title: string;
  readonly artist: string;
  readonly segment: number;
  readonly startMs: number;
  readonly durationMs: number;
}

/** A stretch of a track that a person marked, ends in ms. */
export interface PlayablePassage {
  readonly trackId: number;
  readonly title: string;
  readonly artist: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** What makes the sound. */
export interface PlayerEngine {
  /** Plays a track from a time on. What was prepared starts at once. */
  start(trackId: number, fromMs: number): void;
  /** Gets a track ready to start at a time. `turnsAtMs`: where in what plays its turn comes, if that is known; then it starts without a gap. */
  prepare(trackId: number, fromMs: number, turnsAtMs?: number): void;
  seek(positionMs: number): void;
  pause(): void;
  resume(): void;
  setVolume(volume: number, isMuted: boolean): void;
}

/** Why the next one is wanted: a person asked for it, or what played has come to its end. */
export type StepReason = 'asked' | 'ended';

/** The order that "next" and "previous" follow: the table that was last played from. */
export interface PlayOrder {
  /** Whether the next track plays by itself when one has come to its end, as in a playlist. */
  readonly continues?: boolean;
  /** What comes `step` rows after (or before) what plays; null at the ends. */
  neighbour(now: Playable, step: 1 | -1, reason: StepReason): Promise<Playable | null>;
}

/** Segments played one after the other. */
export interface Audition {
  readonly items: readonly Playable[];
  /** Which of them plays, from 0. */
  readonly at: number;
}

/** The player as the transport shows and drives it. */
export interface PlayerModel {
  readonly now: Playable | null;
  readonly isPlaying: boolean;
  /** Within the track. */
  readonly positionMs: number;
  readonly durationMs: number;
  readonly isLooping: boolean;
  readonly goesOn: boolean;
  /** 0 to 1 */
  readonly volume: number;
  readonly isMuted: boolean;
  readonly audition: Audition | null;
  readonly error: string | null;
  attach(engine: PlayerEngine): () => void;
  toggle(): void;
  seek(positionMs: number): void;
  setVolume(volume: number): void;
  toggleMute(): void;
  toggleLoop(): void;
  toggleGoesOn(): void;
  stopAudition(): void;
  next(): Promise<void>;
  previous(): Promise<void>;
  heardPosition(positionMs: number): void;
  heardEnd(): void;
  heardPlaying(isPlaying: boolean): void;
  heardDuration(durationMs: number): void;
  heardError(sentence: string): void;
}

/** A track as something to play. */
export function trackPlayable(track: PlayableTrack): Playable {
  return { trackId: track.id, title: shownName(track.title), artist: track.artist, durationMs: track.durationMs, segment: null };
}

/** A marked stretch as something to play. */
export function passagePlayable({ trackId, title, artist, startMs, endMs }: PlayablePassage): Playable {
  return { trackId, title: shownName(title), artist, durationMs: null, segment: { number: null, startMs, endMs } };
}

/** A row of the table of segments as something to play. */
export function segmentPlayable(row: PlayableSegment): Playable {
  const segment = { number: row.segment, startMs: row.startMs, endMs: row.startMs + row.durationMs };
  return { trackId: row.trackId, title: shownName(row.title), artist: row.artist, durationMs: null, segment };
}
