/** @file Kills a process while it indexes, again and again, and looks at what is left. `EARMARK_CRASH_ROUNDS` sets how often. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src-main/base/index.ts';
import type { EncoderId } from '../../src-main/contract/index.ts';
import type { Store } from '../../src-main/store/index.ts';
import { openStore } from '../../src-main/store/index.ts';
import { smallEncoder, temporaryDirectory, trackFile } from '../support/store-data.ts';
import { crashDimensions, crashHop, crashTracks, crashValue, segmentsOf } from './crash-data.ts';

const rounds = Number(process.env['EARMARK_CRASH_ROUNDS'] ?? 20);
const child = fileURLToPath(new URL('crash-child.ts', import.meta.url));
const random = seededRandom(Date.now() % 4_294_967_296);

function makeLibrary(directory: string): void {
  const store = openStore(directory);
  store.transaction(() => {
    for (let i = 0; i < crashTracks; i++) store.tracks.upsert(trackFile(store, `track ${i}`));
  });
  store.encoders.add(smallEncoder(crashDimensions));
  store.close();
}

/** Runs the child until it dies: at one of its write calls, or killed after some work; resolves to whether it came to its end first. */
async function runUntilKilled(directory: string): Promise<boolean> {
  const byItself = random.below(2) === 0;
  const lastCall = byItself ? 1 + random.below(3000) : 0;
  const killAfterMs = byItself ? 20_000 : random.below(150);
  const victim = spawn(process.execPath, [child, directory, String(random.below(1_000_000)), String(lastCall)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(victim, 'exit');
  await Promise.race([once(victim.stdout, 'data'), ended]);
  await Promise.race([wait(killAfterMs, undefined, { ref: false }), ended]);
  const finished = victim.exitCode !== null;
  if (victim.signalCode === null) victim.kill('SIGKILL');
  await ended;
  if (finished) expect(victim.exitCode).toBe(0);
  return finished;
}

/** Every committed track is there once, whole, with its own values, in both layouts; returns how many there are. */
function checkIndex(store: Store, encoderId: EncoderId): { indexed: number; failed: number } {
  const index = store.index.ensure(encoderId, crashHop);
  const waiting = new Set(store.index.waiting(index.id).map(({ trackId }) => trackId));
  const runs: { firstRow: number; segments: number }[] = [];
  let failed = 0;
  for (let trackId = 1; trackId <= crashTracks; trackId++) {
    const place = store.index.track(index.id, trackId as never);
    expect(place === null).toBe(waiting.has(trackId as never));
    if (place?.outcome === 'failed') failed++;
    if (place?.outcome !== 'indexed') continue;
    expect(place.segments).toBe(segmentsOf(trackId));
    runs.push(place);
    checkTrack(store, encoderId, trackId);
  }
  runs.sort((a, b) => a.firstRow - b.firstRow);
  let end = 0;
  for (const run of runs) {
    expect(run.firstRow).toBeGreaterThanOrEqual(end);
    end = run.firstRow + run.segments;
  }
  expect(end).toBeLessThanOrEqual(index.committedRows);
  const all = store.index.query(encoderId, { features: [], sort: [{ feature: 1, descending: true }], search: '', offset: 0, limit: 0 });
  expect(all.total).toBe(runs.reduce((sum, { segments }) => sum + segments, 0));
  return { indexed: runs.length, failed };
}

function checkTrack(store: Store, encoderId: EncoderId, trackId: number): void {
  const embeddings = store.index.embeddings(encoderId, trackId as never);
  const expected = Float32Array.from({ length: segmentsOf(trackId) * crashDimensions }, (_, at) =>
    crashValue(trackId, Math.floor(at / crashDimensions), at % crashDimensions),
  );
  if (Buffer.compare(Buffer.from(embeddings.buffer), Buffer.from(expected.buffer)) !== 0) expect(embeddings).toEqual(expected);
  const feature = trackId % crashDimensions;
  const column = store.index.profile(encoderId, trackId as never, feature);
  const own = expected.filter((_, at) => at % crashDimensions === feature);
  if (Buffer.compare(Buffer.from(column.buffer), Buffer.from(own.buffer)) !== 0) expect(column).toEqual(own);
}

describe('an index whose writer is killed', () => {
  it(
    `has no duplicate and no missing segment after ${rounds} kills at random moments and in the middle of writes`,
    { timeout: 1_200_000 + rounds * 60_000 },
    async () => {
      let directory = '';
      let fresh = true;
      let kills = 0;
      let mostIndexed = 0;
      while (kills < rounds) {
        if (fresh) {
          directory = temporaryDirectory();
          makeLibrary(directory);
        }
        const finished = await runUntilKilled(directory);
        const store = openStore(directory);
        const { indexed, failed } = checkIndex(store, 1 as EncoderId);
        store.close();
        mostIndexed = Math.max(mostIndexed, indexed);
        if (finished) expect(indexed + failed).toBe(crashTracks);
        else kills++;
        fresh = finished;
      }
      expect(mostIndexed).toBeGreaterThan(0);
    },
  );
});
