/** @file A person's own tags as labels: what they said of whole tracks, and passages that carry a tag. */
import type { TagId, TrackId } from '../../../contract/index.ts';
import type { Store } from '../../../store/index.ts';
import { Answers } from '../../tagging/answers.ts';
import { impliedWeight } from '../../tagging/examples.ts';
import type { KnownLabels } from './known-labels.ts';

/** What of the tags is wanted, and of which tracks. */
export type TagWish = { tagIds: readonly TagId[]; isExclusive: boolean; trackIds: readonly TrackId[] };

/**
 * Answers on tags. As where heads learn them, a track that carries a tag of a kind is an example of half the weight against the others of that kind; nothing is
 * concluded from tracks of which nothing was said.
 * @throws AppError NOT_FOUND for a tag that is not there
 */
export function labelsOfTags(store: Pick<Store, 'tags'>, { tagIds, isExclusive, trackIds }: TagWish): KnownLabels {
  const tags = [...new Set(tagIds)].map((tagId) => store.tags.get(tagId));
  const all = new Answers(store);
  const byTag = tags.map(({ id }) => all.of(id));
  const known: KnownLabels = { names: namesOf(tags), isExclusive, answers: new Map(), leftOut: 0, missing: [] };
  for (const trackId of trackIds) {
    const given = byTag.map((answers) => answers.get(trackId));
    if (given.every((answer) => answer === undefined)) continue;
    const fits = tags.filter((_, column) => given[column] === 'yes');
    if (isExclusive && fits.length !== 1) {
      known.leftOut++;
      continue;
    }
    const kinds = new Set(fits.map(({ kind }) => kind));
    known.answers.set(
      trackId,
      Float32Array.from(tags, ({ kind }, column) => {
        if (given[column] === 'yes') return 1;
        if (isExclusive || given[column] === 'no') return 0;
        return kinds.has(kind) ? impliedWeight - 1 : -1;
      }),
    );
  }
  return known;
}

/** Two tags may share a name where their kinds differ. */
function namesOf(tags: readonly { kind: string; name: string }[]): string[] {
  const names = tags.map(({ name }) => name);
  return tags.map(({ kind, name }, at) =>
    names.some((other, place) => other === name && place !== at) && kind !== '' ? `${kind}: ${name}` : name,
  );
}
