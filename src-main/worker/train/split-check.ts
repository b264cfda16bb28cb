/** @file Whether both sides of a split still have what they need once some tracks turned out to be of no use: what is lost is told, and nothing is learnt blindly. */
import { AppError, countOf } from '../../base/index.ts';
import { heads } from '../../learn/index.ts';
import type { TrainLabels } from '../../service/index.ts';

type Lacking = ReturnType<typeof heads.lacking>[number];

/** `isUsable` by the number of a track, as far as is known. */
export type SplitOptions = { labels: TrainLabels; groupBy: 'artist' | 'album'; isUsable: (trackId: number) => boolean };

const namesShown = 3;

/** Tells each loss once. */
export class SplitCheck {
  readonly #told = new Set<string>();

  /**
   * Sentences on what was lost since they were asked for last.
   * @throws AppError BAD_INPUT where no label can be learnt any more, or none be measured
   */
  losses({ labels, groupBy, isUsable }: SplitOptions): string[] {
    const tracks = labels.tracks.filter(({ trackId }) => isUsable(trackId));
    if (tracks.length === labels.tracks.length) return [];
    // Of classes, that one is left alone is told by the others.
    const lacking = lackingOf({ ...labels, tracks }).filter(({ answer }) => answer === 1 || !labels.isExclusive);
    refuseHopeless(labels, tracks, lacking);
    const fresh = lacking.filter((one) => !this.#told.has(keyOf(one)));
    for (const one of fresh) this.#told.add(keyOf(one));
    return [...Map.groupBy(fresh, ({ answer, isHeldOut }) => 2 * answer + Number(isHeldOut)).values()].map((own) =>
      sentence(
        own.map(({ label }) => labels.names[label] ?? ''),
        own[0] as Lacking,
        groupBy,
      ),
    );
  }
}

function keyOf({ label, answer, isHeldOut }: Lacking): string {
  return `${label} ${answer} ${isHeldOut}`;
}

function lackingOf({ names, tracks }: Pick<TrainLabels, 'names' | 'tracks'>): Lacking[] {
  const answers = tracks.flatMap((track) => track.answers);
  const examples = {
    labels: names.length,
    answers: Uint8Array.from(answers, (answer) => (answer === 1 ? 1 : 0)),
    weights: Float32Array.from(answers, (answer) => Math.min(1, 1 + answer)),
    groups: Int32Array.from(tracks, ({ group }) => group),
  };
  return heads.lacking(
    examples,
    Uint8Array.from(tracks, ({ role }) => (role === 'heldOut' ? 1 : 0)),
  );
}

/** A class that nothing is left of leaves one to tell from nothing; a label needs both answers. */
function refuseHopeless(
  { names, tracks: all, isExclusive }: TrainLabels,
  tracks: TrainLabels['tracks'],
  lacking: readonly Lacking[],
): void {
  for (const isHeldOut of [false, true]) {
    const lost = new Set(lacking.flatMap((one) => (one.isHeldOut === isHeldOut ? [one.label] : [])));
    const least = isExclusive && !isHeldOut ? 2 : 1;
    if (names.length - lost.size >= least) continue;
    const role = isHeldOut ? 'heldOut' : 'taught';
    const count = (of: TrainLabels['tracks']): number => of.filter((track) => track.role === role).length;
    const [before, left] = [count(all), count(tracks)];
    const where = isHeldOut ? 'held-out tracks' : 'tracks to learn from';
    const what = isHeldOut ? 'nothing can be measured' : 'nothing can be learnt';
    throw new AppError(
      'BAD_INPUT',
      `${before - left} of ${countOf(before, 'labelled track')} (${where}) cannot be used, and those that are left ${isExclusive ? 'have too few classes' : 'do not have both answers of any label'}, so ${what}. The list of problems says why for each. Label other tracks, and begin a new run.`,
    );
  }
}

function sentence(names: readonly string[], { answer, isHeldOut }: Lacking, groupBy: 'artist' | 'album'): string {
  const shown = names.slice(0, namesShown).map((name) => `“${name}”`);
  const some = `${shown.join(', ')}${names.length > namesShown ? ` and ${names.length - namesShown} more` : ''}`;
  const [has, it] = names.length === 1 ? ['has', 'it'] : ['have', 'they'];
  const fits = `${it} ${answer === 1 ? (names.length === 1 ? 'fits' : 'fit') : names.length === 1 ? 'does not fit' : 'do not fit'}`;
  const side = isHeldOut ? 'held-out track' : 'track to learn from';
  const so = isHeldOut ? `${it} cannot be measured` : `what is learnt of ${names.length === 1 ? 'it' : 'them'} means nothing`;
  return `${some} ${has} no ${side} left that ${fits}, since some cannot be used: ${so}. Label tracks of another ${groupBy} that can be played, or leave ${names.length === 1 ? 'it' : 'them'} out.`;
}
