import { describe, expect, it } from 'vitest';
import type { TrackId } from '../../../src-main/contract/index.ts';
import { progressLine } from '../../../src-main/host/cli/output.ts';
import { suggestionsText } from '../../../src-main/host/cli/verbs/tag-heads.ts';
import { describeRepair } from '../../../src-main/service/index.ts';

const progress = { done: 12, total: 48, unit: 'tracks', audioSeconds: 900, rate: 0.9, secondsLeft: 40, detail: '/music/a.flac', failed: 0 };

describe('the line of a job on a terminal', () => {
  it('tells the phase before the first step of a run, and its time left', () => {
    const line = progressLine('Pre-train CLMR', { ...progress, phase: 'Decoding' }, { columns: 200 });
    expect(line).toContain('Decoding 12 of 48 tracks, 0.9 a second, 40 s left');
  });

  it('tells what the job waits for instead of figures', () => {
    const line = progressLine('Index with A', progress, { columns: 200, waits: 'Waits for “Index with B”' });
    expect(line).toBe('Index with A  Waits for “Index with B”');
  });
});

it('the list of suggestions says of a tag that was not learnt why', () => {
  const unlearnt = [{ name: 'rain', message: 'Not enough examples.' }];
  expect(suggestionsText([], unlearnt)).toBe('“rain” was not learnt. Not enough examples.');
  expect(suggestionsText([{ name: 'sax', kind: 'has', rows: [] }], unlearnt)).toMatch(/^has: sax\n.*\n\n“rain” was not learnt/s);
});

it('what was mended of an index is counted as people count', () => {
  const repaired = { files: ['embeddings-0000.f32'], columnsRebuilt: 1, rowsRebuilt: 0, lostTracks: [1 as TrackId] };
  expect(describeRepair(repaired)).toBe('Mended embeddings-0000.f32: 1 segment from their other copy, 1 track encoded again.');
});
