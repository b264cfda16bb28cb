/** @file States of a neuron's page: its timeline over a track, the reel of its top segments, and the taggram of what plays. */
import { describe, expect, it } from 'vitest';
import { toBase64 } from '../../../src-main/contract/index.ts';
import type { EncoderId, HeadId, SegmentQuery, Taggram, TrackId } from '../../../src-main/contract/index.ts';
import { FigureState } from '../../../src-renderer/state/figure.svelte.ts';
import { freshNeuronMemory, InspectNeuronState } from '../../../src-renderer/state/inspect-neuron.svelte.ts';
import { NeuronTimelineState } from '../../../src-renderer/state/neuron-timeline.svelte.ts';
import { TaggramState } from '../../../src-renderer/state/taggram.svelte.ts';

const encoderId = 3 as EncoderId;
const floats = (...values: number[]): string => toBase64(new Uint8Array(Float32Array.from(values).buffer));
const track = (id: number): { trackId: TrackId; title: string; artist: string } => ({
  trackId: id as TrackId,
  title: `t ${id}`,
  artist: '',
});

describe('a neuron’s timeline', () => {
  const made = (answers: (trackId: number) => Promise<string>): { state: NeuronTimelineState; asked: number[] } => {
    const asked: number[] = [];
    const profile = async ({ trackId }: { trackId: number }): Promise<never> => {
      asked.push(trackId);
      return { hopMs: 1000, segmentMs: 2000, values: await answers(trackId) } as never;
    };
    return { state: new NeuronTimelineState({ listen: { profile } }), asked };
  };

  it('has the peaks in the order of time, and is loaded once for a track', async () => {
    const { state, asked } = made(async () => floats(0, 3, 0, 0, 9, 0));
    await state.show(encoderId, 7, track(1));
    await state.show(encoderId, 7, track(1));
    expect(asked).toEqual([1]);
    expect([state.shown?.peaks, state.shown?.title, state.shown?.times.startOf(4)]).toEqual([[1, 4], 't 1', 4000]);
    await state.show(encoderId, 8, track(1));
    expect([asked, state.shown?.number]).toEqual([[1, 1], 8]);
  });

  it('shows what was asked for last, none where the track was not heard, and is asked for again after an error', async () => {
    const late = Promise.withResolvers<string>();
    const { state, asked } = made((trackId) => {
      if (trackId === 1) return late.promise;
      return trackId === 2 ? Promise.resolve('') : Promise.reject(new Error('gone'));
    });
    const first = state.show(encoderId, 7, track(1));
    await state.show(encoderId, 7, track(2));
    late.resolve(floats(1, 2));
    await first;
    expect(state.shown).toBeNull();
    await state.show(encoderId, 7, track(3));
    expect(state.error).toEqual(new Error('gone'));
    await state.show(encoderId, 7, track(3));
    expect(asked).toEqual([1, 2, 3, 3]);
  });
});

describe('a neuron’s reel', () => {
  it('is the top segments in their order; none while no neuron is open', async () => {
    const queries: SegmentQuery[] = [];
    const segments = async (query: SegmentQuery): Promise<never> => {
      queries.push(query);
      const rows = Array.from({ length: Math.min(query.limit, 30) }, (_, at) => ({ row: query.offset + at }));
      return { total: 30, rows, values: floats(...rows.map(({ row }) => 30 - row)), waveforms: '' } as never;
    };
    const related = async (): Promise<never> => ({ alike: [], opposite: [], tracks: 0 }) as never;
    const state = new InspectNeuronState({ inspect: { related }, listen: { segments } } as never, {
      ...{ current: freshNeuronMemory, isLoaded: true, load: async () => undefined, set: () => undefined },
    });
    expect(await state.reel()).toEqual([]);
    await state.open(encoderId, 7);
    const reel = await state.reel();
    expect([reel.length, reel[0]?.activation, reel[19]?.row]).toEqual([20, 30, 19]);
    expect(queries.at(-1)).toMatchObject({ encoderId, features: [7], sort: [{ feature: 7, descending: true }], offset: 0, limit: 20 });
  });
});

describe('the taggram of what plays', () => {
  const answer = (trackId: number): Taggram => ({
    ...{ encoderId, trackId: trackId as TrackId, title: 't', artist: '', durationMs: 4000, headId: 1 as HeadId, head: 'Your tags' },
    ...{ labels: ['dark', 'slow'], hopMs: 2000, segmentMs: 2000, probabilities: floats(0.1, 0.9, 0.5, 0.5) },
  });
  const made = (answers: (trackId: number) => Promise<Taggram>): { state: TaggramState; asked: number[] } => {
    const asked: number[] = [];
    const taggram = ({ trackId }: { trackId: number }): Promise<Taggram> => {
      asked.push(trackId);
      return answers(trackId);
    };
    return { state: new TaggramState({ heads: { taggram } }), asked };
  };
  const wish = (trackId: number): Parameters<TaggramState['show']>[0] => ({ encoderId, trackId: trackId as TrackId, headId: null });

  it('is loaded once for a track, and outdated where tags or heads have changed', async () => {
    const { state, asked } = made(async (trackId) => answer(trackId));
    await state.show(wish(1));
    await state.show(wish(1));
    expect([asked, state.shown?.times.count, Array.from(state.shown?.values ?? []).length]).toEqual([[1], 2, 4]);
    state.hear({ type: 'heads.changed', encoderId: 4 as EncoderId });
    expect(state.isOutdated).toBe(false);
    state.hear({ type: 'heads.changed', encoderId });
    expect(state.isOutdated).toBe(true);
    await state.again();
    expect([asked, state.isOutdated]).toEqual([[1, 1], false]);
  });

  it('shows what plays now, whichever answer comes first, and why there is none', async () => {
    const late = Promise.withResolvers<Taggram>();
    const { state } = made((trackId) =>
      trackId === 1 ? late.promise : trackId === 2 ? Promise.resolve(answer(2)) : Promise.reject(new Error('not heard')),
    );
    const first = state.show(wish(1));
    expect(state.isLooking).toBe(true);
    await state.show(wish(2));
    late.resolve(answer(1));
    await first;
    expect([state.shown?.trackId, state.isLooking]).toEqual([2, false]);
    await state.show(wish(3));
    expect([state.shown, state.error]).toEqual([null, new Error('not heard')]);
  });
});

describe('a figure of several encoders', () => {
  it('hears how far each of them is', () => {
    type Wish = { encoderId: EncoderId; beside: readonly EncoderId[] };
    const other = 4 as EncoderId;
    const pending = Promise.withResolvers<string>();
    const state = new FigureState<Wish, string>(
      'spectra',
      () => pending.promise,
      (one) => [one.encoderId, ...one.beside],
    );
    void state.show({ encoderId, beside: [other] });
    const looking = (id: EncoderId): Parameters<typeof state.hear>[0] => ({
      type: 'inspect.looking',
      looking: { encoderId: id, about: 'spectra', done: 1, total: 2 },
    });
    state.hear(looking(5 as EncoderId));
    expect(state.progress).toBeNull();
    state.hear(looking(other));
    expect(state.progress?.encoderId).toBe(other);
    state.hear({ type: 'index.changed', encoderId: other });
    expect(state.isOutdated).toBe(true);
  });
});
