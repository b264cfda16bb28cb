import { describe, expect, it } from 'vitest';
import type { TagAnswer, TagId, TrackId } from '../../../../src-main/contract/index.ts';
import { gatherExamples, impliedWeight } from '../../../../src-main/service/tagging/examples.ts';
import type { GatheredExamples } from '../../../../src-main/service/tagging/examples.ts';

type Said = [tag: number, track: number, answer: TagAnswer, passage?: [startMs: number, endMs: number]];

const tags = [
  { id: 1 as TagId, kind: 'mood' },
  { id: 2 as TagId, kind: 'mood' },
  { id: 3 as TagId, kind: '' },
];

/** Tracks 1 to 9 are indexed; a track's embedding is its number, a passage's its start. */
function gathered(...said: Said[]): GatheredExamples {
  return gatherExamples({
    tags,
    marks: said.map(([tag, track, answer, passage]) => ({
      ...{ tagId: tag as TagId, trackId: track as TrackId, answer },
      ...{ startMs: passage?.[0] ?? null, endMs: passage?.[1] ?? null },
    })),
    groupOf: (trackId) => Math.floor(trackId / 10),
    embedding: (trackId, passage) => (trackId > 90 ? null : Float32Array.of(passage?.startMs ?? trackId)),
    dimensions: 1,
  });
}

/** Answer and weight of an example for each tag: `1×1` said yes, `0×0.5` implied no, `–` nothing. */
function row({ examples: { answers, weights, labels } }: GatheredExamples, at: number): string[] {
  return Array.from({ length: labels }, (_, label) => {
    const weight = weights[at * labels + label] ?? NaN;
    return weight === 0 ? '–' : `${answers[at * labels + label]}×${weight}`;
  });
}

describe('examples of tags', () => {
  it('are one for each track and passage that something was said of', () => {
    const all = gathered([1, 11, 'yes'], [3, 11, 'no'], [1, 12, 'yes', [3000, 6000]], [3, 25, 'yes']);
    expect(all.count).toBe(3);
    expect([...all.examples.embeddings]).toEqual([11, 3000, 25]);
    expect([...all.examples.groups]).toEqual([1, 1, 2]);
  });

  it('are against a tag, by half, where another of its kind was said and not this one', () => {
    const all = gathered([1, 1, 'yes'], [2, 2, 'yes'], [3, 3, 'yes']);
    expect(row(all, 0)).toEqual(['1×1', `0×${impliedWeight}`, '–']);
    expect(row(all, 1)).toEqual([`0×${impliedWeight}`, '1×1', '–']);
    expect(row(all, 2)).toEqual(['–', '–', '1×1']);
    expect(all.counts).toEqual([
      { yes: 1, no: 1 },
      { yes: 1, no: 1 },
      { yes: 1, no: 0 },
    ]);
  });

  it('conclude nothing from a tag that was said not to fit', () => {
    expect(row(gathered([1, 1, 'no']), 0)).toEqual(['0×1', '–', '–']);
  });

  it('conclude nothing against a tag that another place of the same track carries', () => {
    const all = gathered([1, 1, 'yes'], [2, 1, 'yes', [0, 3000]]);
    expect(row(all, 0)).toEqual(['1×1', '–', '–']);
    expect(row(all, 1)).toEqual(['–', '1×1', '–']);
  });

  it('leave out tracks that are not indexed', () => {
    const all = gathered([1, 99, 'yes'], [1, 9, 'yes']);
    expect([all.count, all.counts[0]]).toEqual([1, { yes: 1, no: 0 }]);
  });
});
