/** @file What Similar remembers of how it was left is read once, before it asks. */
import { similarMemory, tagWords } from '../../state/retrieval.svelte.ts';

/** Reads the memory, and the words that the filter offers. */
export async function recallSimilar(): Promise<void> {
  await Promise.all([similarMemory.isLoaded ? undefined : similarMemory.load(), tagWords.loadGenres()]);
}
