/**
 * @file Which recordings are worth comparing: those that share words at one shift (Haitsma and Kalker 2002, section 5.2, turned round: every
 * recording is looked up among all before it). One word in eight is looked at, chosen by its bits, so that both sides choose alike; a hundred
 * thousand recordings then take some 240 megabytes instead of gigabytes. Words that many recordings share tell nothing and are passed over.
 */
/** A recording before this one that shares words with it; `shift`: words from its word to the same one here. */
export type Candidate = { other: number; shift: number; votes: number };

/** Words of a recording that are looked at, about. Of long ones it is one in eight, of short ones all. */
const sampledWords = 240;
const sparsest = 8;
/** A word in more recordings than this is passed over. */
const mostSharers = 64;
/** Shared words that must agree on a shift. One is enough that few recordings have. */
const leastVotes = 2;
const fewSharers = 4;
/** Entries of a bucket, about. */
const bucketEntries = 8;
/** Candidates of one recording that are compared at most. */
const mostCandidates = 64;

/** Positions stay below this: 90 seconds have 1 930 words. */
const shiftSpan = 4096;

/** Words of all recordings, to be looked up. */
export class CandidateIndex {
  #words = new Uint32Array(1 << 16);
  #owners = new Uint32Array(1 << 16);
  #positions = new Uint16Array(1 << 16);
  #count = 0;
  #starts = new Uint32Array(2);
  #shift = 32;

  /** Adds a recording's words; recordings come in the order of their numbers. */
  add(recording: number, words: Uint32Array): void {
    for (const { word, position } of sampled(words)) {
      if (this.#count === this.#words.length) this.#grow();
      this.#words[this.#count] = word;
      this.#owners[this.#count] = recording;
      this.#positions[this.#count++] = position;
    }
  }

  /** Sorts what was added into buckets; `step` is waited for now and then and may throw. */
  async build(step: () => Promise<void>): Promise<void> {
    const bits = Math.max(0, Math.ceil(Math.log2(Math.max(1, this.#count / bucketEntries))));
    this.#shift = 32 - bits;
    const next = new Uint32Array(2 ** bits + 1);
    for (let i = 0; i < this.#count; i++) {
      const bucket = this.#bucketOf(this.#words[i] as number) + 1;
      next[bucket] = (next[bucket] as number) + 1;
      if (i % slice === 0) await step();
    }
    for (let bucket = 1; bucket < next.length; bucket++) next[bucket] = (next[bucket] as number) + (next[bucket - 1] as number);
    this.#starts = next.slice();
    const [words, owners, positions] = [new Uint32Array(this.#count), new Uint32Array(this.#count), new Uint16Array(this.#count)];
    for (let i = 0; i < this.#count; i++) {
      const bucket = this.#bucketOf(this.#words[i] as number);
      const at = next[bucket] as number;
      next[bucket] = at + 1;
      words[at] = this.#words[i] as number;
      owners[at] = this.#owners[i] as number;
      positions[at] = this.#positions[i] as number;
      if (i % slice === 0) await step();
    }
    [this.#words, this.#owners, this.#positions] = [words, owners, positions];
  }

  /** Recordings before this one that share words with it at one shift, those with most of them first. */
  before(recording: number, words: Uint32Array): Candidate[] {
    const votes: Votes = { counts: new Map(), rare: new Set() };
    const hits: number[] = [];
    for (const { word, position } of sampled(words)) {
      hits.length = 0;
      const bucket = this.#bucketOf(word);
      for (let at = this.#starts[bucket] as number; at < (this.#starts[bucket + 1] as number); at++)
        if (this.#words[at] === word) hits.push(at);
      if (hits.length > mostSharers) continue;
      for (const at of hits) {
        const other = this.#owners[at] as number;
        if (other >= recording) continue;
        const key = other * 2 * shiftSpan + (position - (this.#positions[at] as number) + shiftSpan);
        votes.counts.set(key, (votes.counts.get(key) ?? 0) + 1);
        if (hits.length <= fewSharers) votes.rare.add(key);
      }
    }
    return bestShifts(votes);
  }

  #bucketOf(word: number): number {
    return this.#shift === 32 ? 0 : mixed(word) >>> this.#shift;
  }

  #grow(): void {
    const length = this.#words.length * 2;
    const [words, owners, positions] = [new Uint32Array(length), new Uint32Array(length), new Uint16Array(length)];
    words.set(this.#words);
    owners.set(this.#owners);
    positions.set(this.#positions);
    [this.#words, this.#owners, this.#positions] = [words, owners, positions];
  }
}

/** Entries between two looks at the clock. */
const slice = 1 << 14;

/** Shared words by recording and shift, and those shifts for which a word spoke that few have. */
type Votes = { counts: Map<number, number>; rare: Set<number> };

/** For every other recording the shift with most votes, neighbouring shifts counted in: two files never lie on the same grid. */
function bestShifts({ counts, rare }: Votes): Candidate[] {
  const best = new Map<number, Candidate>();
  for (const key of counts.keys()) {
    const other = Math.floor(key / (2 * shiftSpan));
    const count = (counts.get(key - 1) ?? 0) + (counts.get(key) ?? 0) + (counts.get(key + 1) ?? 0);
    const known = best.get(other);
    if ((count >= leastVotes || rare.has(key)) && (known === undefined || count > known.votes))
      best.set(other, { other, shift: (key % (2 * shiftSpan)) - shiftSpan, votes: count });
  }
  return [...best.values()].sort((a, b) => b.votes - a.votes).slice(0, mostCandidates);
}

/** A recording's words that are looked at, each where it comes first; silence is none. */
function* sampled(words: Uint32Array): Generator<{ word: number; position: number }> {
  const seen = new Set<number>();
  // A power of two, so that the words of a sparser choice are among those of a denser one.
  const sparseness = Math.min(sparsest, 2 ** Math.max(0, Math.floor(Math.log2(words.length / sampledWords))));
  for (const [position, word] of words.entries()) {
    if (word === 0 || mixed(word) % sparseness !== 0 || seen.has(word)) continue;
    seen.add(word);
    yield { word, position };
  }
}

/** Spreads words evenly over 32 bits (the finaliser of MurmurHash3, Appleby). */
function mixed(word: number): number {
  let x = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}
