/** @file Which held-out tracks are measured: no label goes without an answer because a share of them was drawn. */
import { expect, it } from 'vitest';
import { pretraining } from '../../../../src-main/contract/index.ts';
import type { TrainTrack } from '../../../../src-main/service/index.ts';
import { planLabels } from '../../../../src-main/service/pretraining/labels/plan-labels.ts';

const tracks = Array.from({ length: 400 }, (_, at): TrainTrack => ({
  trackId: at + 1,
  path: `${at}.mp3`,
  audioHash: String(1000 + at),
  durationMs: 1000,
}));

it.each([1, 2, 3, 4, 5])('a rare label has a track among the few that are measured (seed %s)', (seed) => {
  const answers = new Map(tracks.map(({ trackId }) => [trackId, Float32Array.of(trackId % 2, trackId <= 8 ? 1 : 0)]));
  const { labels, overview } = planLabels({
    known: { names: ['odd', 'rare'], isExclusive: false, answers, leftOut: 0, missing: [] },
    objective: { ...pretraining.objectiveDefaults.bce, measuredTracks: 4 },
    seed,
    tracks,
    groupOf: (trackId) => trackId,
  });
  const measured = labels.tracks.filter(({ role }) => role === 'heldOut');
  expect(measured.length).toBeLessThanOrEqual(8);
  for (const { heldOutYes, heldOutNo } of overview.each) expect(Math.min(heldOutYes, heldOutNo)).toBeGreaterThan(0);
});
