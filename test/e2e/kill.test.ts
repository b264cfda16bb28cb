/** @file `kill -9` at random moments of scanning and indexing: the next start goes on, and nothing is twice or missing. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../src-main/base/index.ts';
import { openStore } from '../../src-main/store/index.ts';
import type { Store, StoredEncoder } from '../../src-main/store/index.ts';
import { earmarkJson, ended, startEarmark } from '../support/run-earmark.ts';
import { writeWav } from '../support/wav.ts';

/** More rounds: EARMARK_KILL_ROUNDS=100. */
const rounds = Number(process.env['EARMARK_KILL_ROUNDS'] ?? 6);
const trackCount = 12;
/** Two feature spaces in one pass. */
const indexing = ['index', '--output', 'embedding', '--output', 'block-5:max'];
let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'earmark-kill-'));
  mkdirSync(join(root, 'music'));
  for (let i = 0; i < trackCount; i++)
    writeWav(join(root, 'music', `track ${i}.wav`), { seconds: 20 + i * 3, seed: i + 1, sampleRate: 8000 });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Everything that was indexed, by path: what the table would show, and the numbers themselves. */
type Contents = Record<string, { segments: number; first: number[]; sum: number }>;

function contents(data: string): { embedding: Contents; block: Contents } {
  const store = openStore(data);
  try {
    const made = store.encoders.listWithSpaces().filter(({ source }) => source === 'untrained');
    const [embedding, block] = made.map((space) => contentsOf(store, space));
    return { embedding: embedding ?? {}, block: block ?? {} };
  } finally {
    store.close();
  }
}

function contentsOf(store: Store, encoder: StoredEncoder): Contents {
  const { rows } = store.tracks.query({ search: '', sort: [{ key: 'path', descending: false }], offset: 0, limit: 1000 }, encoder.id);
  const page = store.index.query(encoder.id, { features: [0], sort: [], search: '', offset: 0, limit: 1000 });
  const counted = new Map<number, number>();
  for (const row of page.rows) counted.set(row.trackId, (counted.get(row.trackId) ?? 0) + 1);
  return Object.fromEntries(
    rows.map((track) => {
      const embeddings = store.index.embeddings(encoder.id, track.id);
      const sum = embeddings.reduce((total, value) => total + value, 0);
      return [track.path, { segments: counted.get(track.id) ?? 0, first: [...embeddings.subarray(0, 4)], sum }];
    }),
  );
}

/** Starts a verb and kills its whole life at a moment of its first `withinMs`; true when it was still running. */
async function kill(data: string, withinMs: number, args: readonly string[]): Promise<boolean> {
  const child = startEarmark(data, ...args);
  const done = ended(child);
  const timer = setTimeout(() => child.kill('SIGKILL'), withinMs);
  const { signal } = await done;
  clearTimeout(timer);
  return signal === 'SIGKILL';
}

describe('kill -9', () => {
  it(
    `at ${rounds} random moments of scan and of index leaves exactly what an undisturbed run makes`,
    { timeout: 3_000_000 * Math.max(1, rounds / 6) },
    async () => {
      const music = join(root, 'music');
      const calm = join(root, 'calm');
      await earmarkJson(calm, 'encoders', 'create', '--rate', '8000', '--seed', '3');
      await earmarkJson(calm, 'scan', music);
      await earmarkJson(calm, ...indexing);
      const expected = contents(calm);
      expect(Object.keys(expected.embedding)).toHaveLength(trackCount);
      expect(Object.keys(expected.block)).toHaveLength(trackCount);
      expect(expected.block).not.toEqual(expected.embedding);

      const random = seededRandom(Number(process.env['EARMARK_KILL_SEED'] ?? 1));
      const hit = { scan: 0, index: 0 };
      const window = { scan: 700, index: 2200 };
      for (let round = 0; round < rounds; round++) {
        const data = join(root, `round ${round}`);
        await earmarkJson(data, 'encoders', 'create', '--rate', '8000', '--seed', '3');
        for (const [verb, args] of [
          ['scan', ['scan', music]],
          ['index', indexing],
        ] as const) {
          // Killed once or twice, at moments that grow until it gets to its end.
          for (let attempt = 0; attempt < 2; attempt++) if (await kill(data, 250 + random.below(window[verb]), args)) hit[verb]++;
          await earmarkJson(data, ...args);
        }
        expect(contents(data), `round ${round}`).toEqual(expected);
        rmSync(data, { recursive: true, force: true });
      }
      console.log(`kill -9: ${hit.scan} scans and ${hit.index} index jobs were killed while they ran, in ${rounds} rounds`);
      expect(hit.scan + hit.index).toBeGreaterThan(0);
    },
  );
});
