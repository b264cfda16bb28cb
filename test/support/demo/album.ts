/** @file What an album of the demo library is. */
import { Score } from './score.ts';
import type { ScoreWish } from './score.ts';

/** A track: its title, and how it is made from a seed. */
export type DemoTrack = { title: string; compose: (seed: number) => Score };

/** An album of one style. `loudness`: of its tracks, in LUFS. */
export type DemoAlbum = { artist: string; title: string; genre: string; year: number; loudness: number; tracks: readonly DemoTrack[] };

/** A track: how it is set up, and what its parts play. */
export function track(title: string, wish: ScoreWish, play: (score: Score) => void): DemoTrack {
  const compose = (seed: number): Score => {
    const score = new Score(wish, seed);
    play(score);
    return score;
  };
  return { title, compose };
}
