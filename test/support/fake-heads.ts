/** @file Pretended heads: training by the fake core's jobs, suggestions drawn from a seed, and questions. */
import { AppError } from '../../src-main/base/index.ts';
import type {
  AppEvent,
  Change,
  EncoderId,
  Handlers,
  Head,
  HeadId,
  HeadLabel,
  Question,
  Suggestion,
  Tag,
  TagId,
  Threshold,
  Track,
  TrackId,
} from '../../src-main/contract/index.ts';
import type { FakeJobs } from './fake-jobs.ts';
import type { FakeTags } from './fake-tags.ts';
import { noise } from './fake-tracks.ts';

/** What is used of the fake world. */
export type HeadsWorld = { readonly tracks: readonly Track[]; readonly jobs: FakeJobs; emit(event: AppEvent): void };

type Choice = { encoderId: EncoderId; architecture: Head['architecture']; groupBy: 'artist' | 'album' };

const segmentMs = (59_049 / 22_050) * 1000;
const fewest = 5;
const publishedNames = ['ambient', 'beat', 'cello', 'choir', 'classical', 'drums', 'electronic', 'fast', 'female vocal', 'guitar', 'sitar'];

/** A label's seed: the same for the same name. */
function seedOf(name: string): number {
  return [...name].reduce((sum, letter) => (Math.imul(sum, 31) + (letter.codePointAt(0) ?? 0)) >>> 0, 7) % 100_000;
}

function probabilityOf(track: Track, name: string): number {
  return 1 / (1 + Math.exp(-9 * (noise(track.id, seedOf(name)) - 0.62)));
}

/** All heads. */
export class FakeHeads {
  readonly #world: HeadsWorld;
  readonly #tags: FakeTags;
  readonly #hasPublished: boolean;
  #trained: Head | null = null;
  /** Change of tags that the trained head knows of. */
  #trainedAt = 0;
  #publishedTags = new Map<number, TagId>();

  constructor(world: HeadsWorld, tags: FakeTags, hasPublished: boolean) {
    this.#world = world;
    this.#tags = tags;
    this.#hasPublished = hasPublished;
  }

  handlers(): Pick<Handlers, 'heads' | 'suggest'> {
    return {
      heads: {
        list: ({ encoderId }) => this.#list(encoderId),
        train: ({ encoderId, architecture, groupBy }) => ({ jobId: this.#train({ encoderId, architecture, groupBy }) }),
      },
      suggest: {
        tracks: ({ headId, label, offset, limit, atLeast, includeAnswered }) => {
          const rows = this.#suggestions(this.#label(headId, label)).filter(
            ({ answer, probability }) => probability >= atLeast && (includeAnswered || answer === null),
          );
          return { total: rows.length, rows: rows.slice(offset, offset + limit) };
        },
        thresholds: ({ headId, label }) => this.#thresholds(headId, label),
        answer: ({ headId, label, trackIds, answer }) => ({ change: this.#answer(this.#label(headId, label), trackIds, answer) }),
        acceptAbove: ({ headId, label, atLeast }) => {
          const one = this.#label(headId, label);
          const found = this.#suggestions(one).filter(({ answer, probability }) => answer === null && probability >= atLeast);
          const change = this.#answer(
            one,
            found.map(({ trackId }) => trackId),
            'yes',
          );
          return { change, tracks: found.length };
        },
        ask: ({ headId, labels, count }) => this.#ask(headId, labels, count),
      },
    };
  }

  #list(encoderId: EncoderId): Head[] {
    const trained = this.#trained?.encoderId === encoderId ? [this.#shownTrained(this.#trained)] : [];
    return this.#hasPublished && encoderId === 1 ? [...trained, this.#published(encoderId)] : trained;
  }

  #shownTrained(head: Head): Head {
    const changes = this.#tags.handlers().changes(undefined, new AbortController().signal) as Change[];
    return { ...head, isStale: changes.some(({ at }) => at > this.#trainedAt) };
  }

  #published(encoderId: EncoderId): Head {
    const unmeasured = { yes: 0, no: 0, groups: 0, rocAuc: null, averagePrecision: null, chance: null };
    return {
      id: 900 as HeadId,
      encoderId,
      source: 'published',
      name: 'MagnaTagATune',
      architecture: 'logistic',
      groupedBy: null,
      examples: 0,
      isStale: false,
      seconds: 0,
      createdAt: Date.UTC(2025, 8, 1),
      labels: publishedNames.map((name, label) => ({
        ...unmeasured,
        label,
        tagId: this.#publishedTags.get(label) ?? null,
        kind: '',
        name,
        state: 'ready',
        message: '',
      })),
    };
  }

  #train(choice: Choice): ReturnType<FakeJobs['start']> {
    const tags = this.#tags.list();
    if (tags.length === 0) throw new AppError('BAD_INPUT', 'There are no tags to train on. Tag a few tracks first.');
    return this.#world.jobs.start({
      kind: 'tag',
      title: 'Training on your tags',
      total: 120,
      unit: 'steps',
      rate: 80,
      failed: 0,
      detail: 'Fitting all folds',
      summary: 'The head is trained.',
      finished: () => {
        this.#trainedAt = this.#tags.now();
        this.#trained = this.#fit(choice);
        this.#world.emit({ type: 'heads.changed', encoderId: choice.encoderId });
      },
    });
  }

  #fit({ encoderId, architecture, groupBy }: Choice): Head {
    const tags = this.#tags.list();
    let next = 0;
    const labels = tags.map((tag): HeadLabel => {
      const label = this.#fitted(tag, tags);
      return label.state === 'ready' ? { ...label, label: next++ } : label;
    });
    return {
      id: ((this.#trained?.id ?? 0) + 1) as HeadId,
      encoderId,
      source: 'trained',
      name: 'My tags',
      architecture,
      groupedBy: groupBy,
      examples: this.#world.tracks.filter(({ id }) => this.#tags.marks().some(({ trackId }) => trackId === id)).length,
      isStale: false,
      seconds: 2.1,
      createdAt: this.#trainedAt,
      labels,
    };
  }

  #fitted(tag: Tag, tags: readonly Tag[]): HeadLabel {
    const own = this.#tags.tracksWith(tag.id);
    const ofKind = tags.filter(({ id, kind }) => id !== tag.id && kind !== '' && kind === tag.kind);
    const others = new Set(ofKind.flatMap(({ id }) => [...this.#tags.tracksWith(id)]).filter((id) => !own.has(id)));
    const no = tag.rejected + others.size;
    const groups = new Set(this.#world.tracks.filter(({ id }) => own.has(id)).map(({ artist }) => artist)).size;
    const common = { label: null, tagId: tag.id, kind: tag.kind, name: tag.name, yes: own.size, no, groups };
    const missing = own.size < fewest ? [`${fewest - own.size} more tracks that it fits`] : [];
    if (no < fewest) missing.push(`${fewest - no} more that it does not fit`);
    if (missing.length > 0)
      return {
        ...common,
        rocAuc: null,
        averagePrecision: null,
        chance: null,
        state: 'tooFew',
        message: `Not enough examples: ${missing.join(', and ')}.`,
      };
    const value = 0.74 + 0.22 * noise(tag.id, 41);
    const interval = (middle: number, half: number) => ({ value: middle, low: middle - half, high: Math.min(1, middle + half) });
    const chance = own.size / (own.size + no);
    const precision = chance + (1 - chance) * (value - 0.35);
    return {
      ...common,
      rocAuc: interval(value, 0.07),
      averagePrecision: interval(precision, 0.11),
      chance,
      state: 'ready',
      message: '',
    };
  }

  #label(headId: HeadId, label: number): HeadLabel {
    const head = headId === 900 ? this.#published(1 as EncoderId) : this.#trained?.id === headId ? this.#trained : null;
    const found = head?.labels.find((one) => one.label === label);
    if (found === undefined) throw new AppError('NOT_FOUND', 'This head was trained again meanwhile. Open the tag anew.');
    return found;
  }

  #suggestions({ name, tagId }: HeadLabel): Suggestion[] {
    const answers = new Map(
      this.#tags.marks().flatMap((mark) => (mark.tagId === tagId && mark.startMs === null ? [[mark.trackId, mark.answer] as const] : [])),
    );
    return this.#world.tracks
      .filter(({ state }) => state === 'indexed' || state === 'partial')
      .map((track) => suggestionOf(track, name, answers.get(track.id) ?? null))
      .toSorted((a, b) => b.probability - a.probability || a.trackId - b.trackId);
  }

  #thresholds(headId: HeadId, label: number): Threshold[] {
    const one = this.#label(headId, label);
    const open = this.#suggestions(one).filter(({ answer }) => answer === null);
    return Array.from({ length: 19 }, (_, i) => {
      const atLeast = (i + 1) / 20;
      const precision = headId === 900 ? null : Math.min(0.99, 0.32 + 0.7 * atLeast);
      return {
        atLeast,
        precision,
        low: precision === null ? null : precision - 0.06 - 0.08 * atLeast,
        recall: precision === null ? null : 1 - atLeast ** 2,
        isClear: true,
        tracks: open.filter(({ probability }) => probability >= atLeast).length,
      };
    });
  }

  #answer(label: HeadLabel, trackIds: readonly TrackId[], answer: 'yes' | 'no'): Change | null {
    if (trackIds.length === 0) return null;
    const targets = trackIds.map((trackId) => ({ trackId }));
    const made = label.tagId ?? this.#tags.create(label.kind, label.name).tag.id;
    if (label.tagId === null && label.label !== null) {
      this.#publishedTags.set(label.label, made);
      this.#world.emit({ type: 'heads.changed', encoderId: 1 as EncoderId });
    }
    return this.#tags.mark({ tagIds: [made], targets, answer, source: 'suggestion' });
  }

  #ask(headId: HeadId, numbers: readonly number[] | undefined, count: number): Question[] {
    const head = headId === 900 ? this.#published(1 as EncoderId) : this.#trained;
    const labels = (head?.labels ?? []).filter(({ label }) => label !== null && (numbers?.includes(label) ?? true));
    return labels
      .flatMap((one) =>
        this.#suggestions(one).flatMap((row): Question[] =>
          row.answer !== null || one.label === null ? [] : [{ ...row, label: one.label, tagId: one.tagId, kind: one.kind, name: one.name }],
        ),
      )
      .toSorted((a, b) => Math.abs(a.probability - 0.5) - Math.abs(b.probability - 0.5))
      .filter((one, i, all) => all.findIndex(({ trackId }) => trackId === one.trackId) === i)
      .slice(0, count);
  }
}

function suggestionOf(track: Track, name: string, answer: 'yes' | 'no' | null): Suggestion {
  const probability = probabilityOf(track, name);
  const count = Math.floor(track.durationMs / segmentMs);
  const numbers = [0, 1, 2].map((i) => Math.floor(noise(track.id * 5 + i, seedOf(name)) * count));
  return {
    trackId: track.id,
    title: track.title,
    artist: track.artist,
    album: track.album,
    durationMs: track.durationMs,
    probability,
    answer,
    segments: [...new Set(numbers)].map((segment, i) => ({
      segment,
      startMs: segment * segmentMs,
      durationMs: segmentMs,
      probability: Math.min(0.99, probability + 0.1 - 0.04 * i),
    })),
  };
}
