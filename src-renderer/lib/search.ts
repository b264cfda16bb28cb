/** @file Finding things by typed words, in the command palette. */

/** Lower case without accents. */
export function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/**
 * How well a label answers what was typed: 0 not at all; higher is better. Every typed word must begin a word of the label, or occur in it;
 * a label that begins with what was typed is best.
 */
export function matchScore(label: string, typed: string): number {
  const text = plain(label);
  const words = plain(typed).split(/\s+/).filter(Boolean);
  if (words.length === 0) return 1;
  let score = 0;
  for (const word of words) {
    const at = text.indexOf(word);
    if (at < 0) return 0;
    score += at === 0 ? 3 : ` ${text}`.includes(` ${word}`) ? 2 : 1;
  }
  return score / words.length;
}

/** The items that match, best first; equal ones keep their order. */
export function bestMatches<Item>(items: readonly Item[], typed: string, labelOf: (item: Item) => string, most: number): Item[] {
  return items
    .map((item) => ({ item, score: matchScore(labelOf(item), typed) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, most)
    .map(({ item }) => item);
}
