/**
 * @file Which of several lost tracks is which of several found files, where all of them hold the same sound. Evidence is gone through from the strongest
 * to the weakest; what agrees in it is paired and leaves, so that the effort grows with the number of files and not with that of their pairs.
 */
import { dirname, sep } from 'node:path';
import type { Twin } from '../../store/index.ts';

/** What tells files with the same sound apart. Sizes are in bytes. */
export type Evidence = Pick<Twin, 'path' | 'size' | 'mtimeMs' | 'inode' | 'title' | 'artist' | 'album' | 'discNumber' | 'trackNumber'>;

/** A key by which a lost and a found one agree; null where it says nothing. */
type Key = (one: Evidence) => string | null;

/** Folders of a path that are compared at most. */
const deepest = 12;

/** The parts of a path from its end, as they compare on every file system. */
function endOf(path: string): string[] {
  return path.normalize('NFC').toLowerCase().split(sep).toReversed();
}

/** How many last parts two paths have in common. */
export function commonEnd(a: string, b: string): number {
  const [first, second] = [endOf(a), endOf(b)];
  const at = first.findIndex((part, i) => part !== second[i]);
  return at < 0 ? first.length : at;
}

const sameFile: Key = ({ inode, size, mtimeMs }) => (inode === null ? null : `${inode} ${size} ${mtimeMs}`);
const sameSize: Key = ({ size }) => String(size);
const sameTime: Key = ({ mtimeMs }) => String(mtimeMs);
const sameTags: Key = ({ title, artist, album, discNumber, trackNumber }) =>
  JSON.stringify([title, artist, album, discNumber, trackNumber]);
const sameAlbum: Key = ({ artist, album }) => (album === '' ? null : JSON.stringify([artist, album]));
const sameFolder: Key = ({ path }) => dirname(path);
const anything: Key = () => '';

function all(...keys: readonly Key[]): Key {
  return (one) => {
    const said = keys.map((key) => key(one));
    return said.includes(null) ? null : said.join('\n');
  };
}

/** What is in a file, strongest first: one that nobody wrote to, then its size alone, then its sound alone. */
const contents: readonly Key[] = [all(sameSize, sameTime, sameTags), all(sameSize, sameTime), sameSize, anything];

/** Further evidence where content and path leave a choice. */
const further: readonly Key[] = [
  all(sameTime, sameTags, sameFolder),
  all(sameTime, sameTags),
  all(sameTags, sameFolder),
  all(sameTime, sameFolder),
  sameTags,
  all(sameAlbum, sameFolder),
  sameAlbum,
  sameTime,
  sameFolder,
  anything,
];

type Sides<Lost, Found> = { lost: Lost[]; found: Found[] };

/** One matching: what is paired leaves both sides. */
class Pairing<Lost extends Evidence, Found extends Evidence> {
  readonly pairs = new Map<Found, Lost>();
  readonly #paired = new Set<Lost>();
  readonly #ends = new Map<Evidence, string[]>();

  /** Goes through all evidence. */
  match(sides: Sides<Lost, Found>): void {
    for (const same of this.#agreeing(sides, sameFile)) this.#pairInOrder(same);
    for (const content of contents)
      for (const alike of this.#agreeing(sides, content)) {
        const deep = alike.found.reduce((most, one) => Math.max(most, this.#endOf(one).length), 0);
        for (let parts = Math.min(deepest, deep); parts >= 0; parts--)
          for (const near of this.#agreeing(alike, (one) => this.#endKey(one, parts))) this.#matchNear(near);
      }
  }

  #matchNear(sides: Sides<Lost, Found>): void {
    for (const key of sides.lost.length === 1 && sides.found.length === 1 ? [anything] : further)
      for (const same of this.#agreeing(sides, key)) this.#pairInOrder(same);
  }

  #pairInOrder({ lost, found }: Sides<Lost, Found>): void {
    for (const [i, one] of found.slice(0, lost.length).entries()) {
      const match = lost[i];
      if (match === undefined) return;
      this.pairs.set(one, match);
      this.#paired.add(match);
    }
  }

  /** What is left, in groups that agree in a key and have something on both sides. */
  #agreeing({ lost, found }: Sides<Lost, Found>, key: Key): Sides<Lost, Found>[] {
    const groups = new Map<string, Sides<Lost, Found>>();
    for (const one of lost) {
      const said = this.#paired.has(one) ? null : key(one);
      if (said === null) continue;
      const group = groups.get(said);
      if (group === undefined) groups.set(said, { lost: [one], found: [] });
      else group.lost.push(one);
    }
    if (groups.size === 0) return [];
    for (const one of found) {
      const said = this.pairs.has(one) ? null : key(one);
      if (said !== null) groups.get(said)?.found.push(one);
    }
    return [...groups.values()].filter((group) => group.found.length > 0);
  }

  #endKey(one: Evidence, parts: number): string | null {
    const end = this.#endOf(one);
    return end.length < parts ? null : end.slice(0, parts).join(sep);
  }

  #endOf(one: Evidence): string[] {
    const end = this.#ends.get(one) ?? endOf(one.path);
    this.#ends.set(one, end);
    return end;
  }
}

/**
 * Pairs lost tracks with found files of the same sound. Each is in one pair at most; where files outnumber tracks, or the other way round, some stay alone.
 * @returns found files with the track that each of them is
 */
export function pairTwins<Lost extends Evidence, Found extends Evidence>(lost: readonly Lost[], found: readonly Found[]): Map<Found, Lost> {
  const pairing = new Pairing<Lost, Found>();
  // In the order of their paths, so that what nothing tells apart keeps its order.
  pairing.match({ lost: byPath(lost), found: byPath(found) });
  return pairing.pairs;
}

function byPath<One extends Evidence>(ones: readonly One[]): One[] {
  return ones.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}
