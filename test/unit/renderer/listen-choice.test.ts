/** @file What Listen shows: neurons by encoder, tags beside them, the order, the filter, and the row under the pointer. */
import { describe, expect, it } from 'vitest';
import type { FolderId, PlaylistId, TagId } from '../../../src-main/contract/index.ts';
import { heatLevel, heatLevels } from '../../../src-renderer/lib/heat.ts';
import { askedSort, sortedColumn, sortOf } from '../../../src-renderer/lib/listen-columns.ts';
import type { ListenSort } from '../../../src-renderer/lib/listen-columns.ts';
import type { SegmentItem } from '../../../src-renderer/lib/segment-blocks.ts';
import { ListenChoice, freshListenMemory } from '../../../src-renderer/state/listen-choice.svelte.ts';
import type { ListenColumns, ListenMemory } from '../../../src-renderer/state/listen-choice.svelte.ts';
import { ListenFilter } from '../../../src-renderer/state/listen-filter.svelte.ts';
import { extraColumns, fromGridSort, toGridSort } from '../../../src-renderer/view/listen/columns.ts';
import { HoverPlay } from '../../../src-renderer/view/listen/hover-play.ts';

describe('the choice of the Listen view', () => {
  type Columns = Partial<ListenColumns> & { own?: { id: TagId; name: string }[] };

  /** `columns.encoderId` may be changed afterwards, as another encoder is chosen. */
  function made(
    columns: Columns | null = {},
    memory: Partial<ListenMemory> = {},
  ): { choice: ListenChoice; kept: { current: ListenMemory }; set(change: Columns): void } {
    const kept = { current: { ...freshListenMemory, ...memory } };
    let known = columns;
    const holder = {
      get current(): ListenMemory {
        return kept.current;
      },
      set: (change: Partial<ListenMemory>): void => {
        kept.current = { ...kept.current, ...change };
      },
    };
    const choice = new ListenChoice(holder, () => (known === null ? null : { encoderId: 1, dimensions: 512, labels: null, ...known }), {
      ownTags: () => known?.own ?? [],
    });
    return { choice, kept, set: (change) => void (known = { ...known, ...change }) };
  }
  const chosen = (features: string, sort: ListenSort[], encoderId = 1): Partial<ListenMemory> => ({
    chosen: { [encoderId]: { features, sort } },
  });

  it('leaves out features that this encoder does not have, and their place in the order', () => {
    const { choice } = made({ dimensions: 100 }, chosen('51, 61, 130', [{ feature: 130, descending: true }]));
    expect(choice.features).toEqual([51, 61]);
    expect(choice.sort).toEqual([]);
    expect(made(null).choice.features).toEqual([]);
  });

  it('begins with what the encoder tells, sorted by the first, until features are chosen', () => {
    const { choice } = made({ first: [7, 300] });
    expect([choice.features, choice.sort, choice.isUntouched]).toEqual([[7, 300], [{ feature: 7, descending: true }], true]);
    choice.add(9);
    expect([choice.features, choice.sort, choice.isUntouched]).toEqual([[7, 300, 9], [{ feature: 7, descending: true }], false]);
    const thesis = made().choice;
    expect([thesis.features[0], thesis.sort]).toEqual([51, [{ feature: 51, descending: true }]]);
  });

  it('is each encoder’s own: another one begins with its own neurons, and the first has its columns back', () => {
    const { choice, set } = made({ first: [7, 300] });
    choice.type('1, 2');
    set({ encoderId: 2, first: [40, 50] });
    expect([choice.features, choice.sort, choice.isUntouched]).toEqual([[40, 50], [{ feature: 40, descending: true }], true]);
    choice.sortBy([{ feature: 50, descending: false }]);
    expect([choice.features, choice.sort, choice.isUntouched]).toEqual([[40, 50], [{ feature: 50, descending: false }], true]);
    set({ encoderId: 1 });
    expect([choice.features, choice.sort]).toEqual([[1, 2], [{ feature: 1, descending: true }]]);
  });

  it('takes a choice from before they were kept by encoder, until one is made', () => {
    const { choice, set } = made({}, { features: '5, 9', sort: [{ feature: 9, descending: true }] });
    expect([choice.features, choice.sort, choice.isUntouched]).toEqual([[5, 9], [{ feature: 9, descending: true }], false]);
    choice.add(11);
    expect(choice.features).toEqual([5, 9, 11]);
    set({ encoderId: 2, first: [3] });
    expect([choice.features, choice.isUntouched]).toEqual([[3], true]);
  });

  it('keeps the choices of so many encoders, its own among them', () => {
    const { choice, kept, set } = made();
    for (let encoderId = 40; encoderId > 0; encoderId--) {
      set({ encoderId });
      choice.type(String(encoderId));
      expect(choice.features).toEqual([encoderId]);
    }
    expect(Object.keys(kept.current.chosen).length).toBeLessThanOrEqual(24);
  });

  it('keeps the order when its feature stays chosen and sorts by the first one otherwise', () => {
    const { choice } = made({}, chosen('1, 2, 3', [{ feature: 2, descending: false }]));
    expect(choice.type('2, 9')).toBeNull();
    expect(choice.sort).toEqual([{ feature: 2, descending: false }]);
    const other = made({}, chosen('1, 2, 3', [{ feature: 2, descending: false }])).choice;
    other.type('8, 9');
    expect(other.sort).toEqual([{ feature: 8, descending: true }]);
    other.sortBy([{ column: 'track', descending: false }]);
    other.type('4');
    expect(other.sort).toEqual([{ column: 'track', descending: false }]);
  });

  it('refuses a wrong list and keeps the one before', () => {
    const { choice, kept } = made();
    expect(choice.type('51, 600')).toContain('600');
    expect(kept.current).toEqual(freshListenMemory);
  });

  it('sorts by the neighbour of the present column, tags behind neurons, and stays at the ends', () => {
    const { choice } = made(
      { own: [{ id: 3 as TagId, name: 'calm' }] },
      { ...chosen('5, 9', [{ feature: 5, descending: true }]), tagColumns: ['t3'] },
    );
    expect(choice.sortByNeighbour(-1)).toBeNull();
    expect(choice.sortByNeighbour(1)).toEqual({ feature: 9, descending: true });
    expect(choice.sort).toEqual([{ feature: 9, descending: true }]);
    expect(choice.sortByNeighbour(1)).toEqual({ extra: 't3', descending: true });
    expect([choice.sortedFeature, choice.phraseOfSort({ extra: 't3', descending: true })]).toEqual([null, 'tag “calm”']);
    expect(choice.sortByNeighbour(1)).toBeNull();
  });

  it('keeps one choice of features and one of tags, and shows features where no tags came with the encoder', () => {
    const memory = { ...chosen('5, 9', [{ feature: 5, descending: true }]), shown: 'tags' };
    const { choice, set } = made({ labels: ['guitar', 'choral'] }, memory);
    expect([choice.features, choice.sort]).toEqual([[0, 1], [{ feature: 0, descending: true }]]);
    expect([choice.nameOf(1), choice.phraseOf(1)]).toEqual(['choral', 'tag “choral”']);
    choice.drop(0);
    expect([choice.features, choice.sort]).toEqual([[1], [{ feature: 1, descending: true }]]);
    choice.show('features');
    expect(choice.features).toEqual([5, 9]);
    choice.show('tags');
    expect(choice.features).toEqual([1]);
    set({ labels: null });
    expect([choice.labels, choice.features, choice.phraseOf(5)]).toEqual([null, [5, 9], 'neuron 5']);
  });

  it('puts tags beside the neurons, and those that came with an encoder beside its own alone', () => {
    const { choice, set, kept } = made({ own: [{ id: 3 as TagId, name: 'calm' }], labels: ['guitar', 'choral'] });
    choice.chooseTags(['l:choral', 't3']);
    expect(choice.extras.map(({ name, column }) => [name, column])).toEqual([
      ['choral', { kind: 'label', label: 1 }],
      ['calm', { kind: 'tag', tagId: 3 }],
    ]);
    choice.sortBy([{ extra: 'l:choral', descending: true }]);
    set({ encoderId: 2, labels: ['rock'] });
    expect([choice.extras.map(({ id }) => id), choice.sort]).toEqual([['t3'], [{ feature: 51, descending: true }]]);
    choice.chooseTags(['l:rock', 't3']);
    set({ encoderId: 1, labels: ['guitar', 'choral'] });
    expect(choice.extras.map(({ id }) => id)).toEqual(['t3', 'l:choral']);
    choice.dropExtra('l:choral');
    expect([choice.extras.map(({ id }) => id), choice.sort]).toEqual([['t3'], []]);
    choice.show('tags');
    expect(choice.extras).toEqual([]);
    expect(kept.current.tagColumns).toEqual(['l:rock', 't3']);
  });

  it('shows several neurons together in a column of this encoder', () => {
    const { choice, set } = made();
    choice.showWeighted({ name: 'Factor 2', weights: [{ feature: 3, weight: 0.5 }], offset: -1 });
    expect([choice.sort, choice.extras.map(({ name }) => name)]).toEqual([[{ extra: 'w', descending: true }], ['Factor 2']]);
    expect(askedSort(choice.sort, choice.extras)).toEqual([{ extra: 0, descending: true }]);
    set({ encoderId: 2 });
    expect([choice.extras, choice.sort[0]]).toEqual([[], { feature: 51, descending: true }]);
    set({ encoderId: 1 });
    choice.dropExtra('w');
    expect([choice.extras, choice.sort]).toEqual([[], []]);
  });

  it('takes so many rows of a track, or all', () => {
    const { choice } = made();
    expect([choice.perTrack, choice.hoverPlays]).toEqual([null, false]);
    choice.setPerTrack(3);
    expect(choice.perTrack).toBe(3);
    choice.setPerTrack(null);
    expect(choice.perTrack).toBeNull();
    expect(made({}, { perTrack: -2 }).choice.perTrack).toBeNull();
  });
});

describe('Listen’s filter', () => {
  it('has each rule once, and gives all up at once', () => {
    const filter = new ListenFilter();
    filter.addTag(3 as TagId);
    filter.addTag(3 as TagId);
    filter.addFolder(1 as FolderId);
    filter.addPlaylist(2 as PlaylistId);
    expect([filter.rules, filter.isSet]).toEqual([{ folderIds: [1], tagIds: [3], playlistIds: [2] }, true]);
    filter.dropTag(3 as TagId);
    filter.dropFolder(1 as FolderId);
    filter.dropPlaylist(2 as PlaylistId);
    expect(filter.isSet).toBe(false);
    filter.showOnly({ id: 4, title: 'Knolls' });
    expect(filter.isSet).toBe(true);
    filter.clear();
    expect([filter.onlyTrack, filter.isSet]).toEqual([null, false]);
  });
});

describe('a row under the pointer', () => {
  function made(): { hover: HoverPlay; done: string[]; pass: () => void } {
    const done: string[] = [];
    const waiting: (() => void)[] = [];
    const hover = new HoverPlay({ play: (index) => done.push(`play ${index}`), stop: () => done.push('stop') }, (run) => waiting.push(run));
    return { hover, done, pass: () => waiting.splice(0).forEach((run) => run()) };
  }

  it('plays when the pointer rests on it, and ends when it goes; what it passes by does not play', () => {
    const { hover, done, pass } = made();
    hover.over(1);
    hover.over(2);
    hover.over(2);
    pass();
    expect(done).toEqual(['play 2']);
    hover.over(-1);
    expect(done).toEqual(['play 2', 'stop']);
    hover.over(2);
    hover.end();
    pass();
    expect(done).toEqual(['play 2', 'stop']);
  });

  it('leaves what the person plays themselves', () => {
    const { hover, done, pass } = made();
    hover.over(1);
    hover.keep();
    pass();
    hover.end();
    expect(done).toEqual([]);
  });
});

describe('columns beside the neurons', () => {
  it('say yes, no, a probability, or nothing where nobody knows; numbers below zero have a minus sign', () => {
    const row = {} as SegmentItem;
    const values: Record<string, number | undefined> = { yes: 2, no: -1, some: 0.834, none: NaN, coming: undefined, w: -1.5 };
    const extras = Object.keys(values).map((id) => ({
      ...{ id, name: id, phrase: id },
      column: id === 'w' ? { kind: 'weighted' as const, weights: [], offset: 0 } : { kind: 'tag' as const, tagId: 1 as TagId },
    }));
    const columns = extraColumns(extras, { widths: { some: 300 }, value: (_, id) => values[id] });
    expect(columns.map((column) => column.text(row, 0))).toEqual(['yes', 'no', '0.83', '', undefined, '−1.50']);
    expect(columns.map((column) => column.heat?.(row, 0))).toEqual([heatLevels, 0, heatLevel(0.834, 0, 1), 0, 0, heatLevel(-1.5, -3, 3)]);
    expect(columns[2]?.widthPx).toBe(300);
  });

  it('have names from which the order is read back', () => {
    for (const key of [
      { feature: 5, descending: true },
      { column: 'labels', descending: false },
      { extra: 't3', descending: true },
    ] as ListenSort[])
      expect(sortOf(sortedColumn(key), key.descending)).toEqual(key);
    expect(sortOf('play', true)).toBeNull();
    expect(fromGridSort(toGridSort([{ column: 'track', descending: true }]))).toEqual([{ column: 'track', descending: true }]);
  });
});
