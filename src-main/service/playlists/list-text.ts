/** @file Joins the pieces of a playlist's file. */
import { breather } from '../../base/index.ts';

/** Characters that are joined before it is seen whether others should have their turn: about a millisecond's worth. */
const partCharacters = 16 * 1024;

/**
 * Joins pieces in parts; others have their turn between two. Of a long list there are hundreds of thousands of pieces: kept until the end they would
 * outlive the young generation, and take several times the memory of the text.
 */
export async function joinPieces(pieces: Iterable<string>): Promise<string> {
  const pause = breather();
  const parts: string[] = [];
  for (const part of partsOf(pieces)) {
    parts.push(part);
    await pause();
  }
  return parts.join('');
}

/** Pieces joined to parts of about the same length. */
function* partsOf(pieces: Iterable<string>): Generator<string, void> {
  let waiting: string[] = [];
  let characters = 0;
  for (const piece of pieces) {
    waiting.push(piece);
    characters += piece.length;
    if (characters < partCharacters) continue;
    yield waiting.join('');
    waiting = [];
    characters = 0;
  }
  yield waiting.join('');
}
