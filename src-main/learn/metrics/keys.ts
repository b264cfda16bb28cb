/** @file How near a guessed key is to the true one: MIREX's weighted score, as mir_eval counts it. */
import { AppError } from '../../base/index.ts';

/** A major or minor key; `tonic` from 0 (C) to 11 (B). */
export type Key = { tonic: number; isMinor: boolean };

const letters: Readonly<Record<string, number>> = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };

/**
 * Reads `C minor`, `F# major` or `Bb minor`; sharps and flats of one pitch are one key.
 * @throws `BAD_INPUT` for anything else
 */
export function readKey(text: string): Key {
  const [, letter = '', sign = '', mode = ''] = /^([A-G])([#b]?) (major|minor)$/i.exec(text.trim()) ?? [];
  const tonic = letters[letter.toUpperCase()];
  if (tonic === undefined)
    throw new AppError('BAD_INPUT', `“${text}” is not a key. A key is written like “C minor”, “F# major” or “Bb minor”.`);
  const shift = sign === '#' ? 1 : sign === 'b' ? -1 : 0;
  return { tonic: (tonic + shift + 12) % 12, isMinor: mode.toLowerCase() === 'minor' };
}

/** 1 for the key itself, 0.5 for the fifth above it, 0.3 for its relative, 0.2 for its parallel, else 0 (mir_eval, `key.weighted_score`). */
export function keyScore(truth: Key, guess: Key): number {
  const above = (guess.tonic - truth.tonic + 12) % 12;
  if (truth.isMinor === guess.isMinor) return above === 0 ? 1 : above === 7 ? 0.5 : 0;
  if (above === 0) return 0.2;
  return above === (truth.isMinor ? 3 : 9) ? 0.3 : 0;
}
