/** @file Tags from a person's words to suggestions, on sound whose truth is known: low hums and high whistles, by an untrained encoder. */
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Change } from '../../src-main/contract/index.ts';
import { earmarkJson, runEarmark } from '../support/run-earmark.ts';
import { writeWav } from '../support/wav.ts';

type Metric = { name: string; examples: number; against: number; groups: number; rocAuc: number | null; state: string; message: string };
type Suggested = {
  tags: {
    name: string;
    rows: { trackId: number; path: string; probability: number; segments: { startMs: number; probability: number }[] }[];
  }[];
  metrics: Metric[];
};

const [hums, whistles] = [Array.from({ length: 14 }, (_, i) => `hum-${i}`), Array.from({ length: 14 }, (_, i) => `whistle-${i}`)];
const taught = 8;
let root: string;
let data: string;
const file = (name: string): string => join(root, 'music', `${name}.wav`);

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'earmark-tag-learning-'));
  data = join(root, 'data');
  mkdirSync(join(root, 'music'));
  for (const [seed, name] of hums.entries()) writeWav(file(name), { seconds: 6, seed, hertz: [60, 250] });
  for (const [seed, name] of whistles.entries()) writeWav(file(name), { seconds: 6, seed: 100 + seed, hertz: [2000, 3500] });
  await earmarkJson(data, 'scan', join(root, 'music'));
  await earmarkJson(data, 'encoders', 'create', '--rate', '8000', '--seed', '1');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('tags that are learnt', () => {
  it('need an index, and tags, and say so', async () => {
    expect((await runEarmark(data, 'tag', 'train')).stderr).toContain('There is no tag to learn yet. Tag some tracks first.');
    await earmarkJson(data, 'tag', 'add', 'sound: hum', ...hums.slice(0, 2).map(file));
    expect((await runEarmark(data, 'tag', 'train')).stderr).toMatch(/has no index yet\. Index the library with it, then train\./);
  });

  it('are not guessed at from too few examples', async () => {
    await earmarkJson(data, 'index', '--device', 'cpu');
    const { tags } = await earmarkJson<{ tags: Metric[] }>(data, 'tag', 'train');
    expect(tags).toMatchObject([{ name: 'hum', examples: 2, against: 0, state: 'tooFew', rocAuc: null }]);
    expect(tags[0]?.message).toMatch(/^Not enough examples\. It needs 3 more/);
    const { code, stderr } = await runEarmark(data, 'tag', 'apply', 'hum', '--at-least', '0.5');
    expect([code, stderr]).toEqual([1, expect.stringMatching(/“hum” was not learnt\. Not enough examples\./)]);
  });

  it('are told from each other: one of a kind counts against the others', async () => {
    await earmarkJson(data, 'tag', 'add', 'sound: hum', ...hums.slice(2, taught).map(file));
    await earmarkJson(data, 'tag', 'add', 'sound: whistle', ...whistles.slice(0, taught).map(file));
    const { tags } = await earmarkJson<{ tags: Metric[] }>(data, 'tag', 'train');
    for (const tag of tags) expect(tag).toMatchObject({ examples: taught, against: taught, state: 'ready' });
    for (const { rocAuc } of tags) expect(rocAuc).toBeGreaterThan(0.9);
  });

  it('are suggested for the tracks that they fit, with the segments that speak for them', async () => {
    const { tags } = await earmarkJson<Suggested>(data, 'tag', 'suggest', '-n', '100');
    for (const [name, ours] of [
      ['hum', hums],
      ['whistle', whistles],
    ] as const) {
      const rows = tags.find((tag) => tag.name === name)?.rows ?? [];
      const others = [...hums, ...whistles].filter((one) => !ours.slice(0, taught).includes(one));
      expect(rows.map(({ path }) => path).toSorted()).toEqual(others.map(file).toSorted());
      const best = rows.slice(0, ours.length - taught);
      expect(best.map(({ path }) => path).toSorted()).toEqual(ours.slice(taught).map(file).toSorted());
      expect(Math.min(...best.map(({ probability }) => probability))).toBeGreaterThan(0.5);
      for (const { segments } of best) expect(segments.map(({ startMs }) => startMs).toSorted((a, b) => a - b)).toEqual([0, 2592]);
    }
  });

  it('are accepted above a probability, and taken back', async () => {
    const applied = await earmarkJson<{ tracks: number; change: Change }>(data, 'tag', 'apply', 'sound: hum', '--at-least', '0.5');
    expect(applied).toMatchObject({
      tracks: hums.length - taught,
      change: { title: `“sound: hum” accepted for ${hums.length - taught} tracks` },
    });
    const { tags } = await earmarkJson<Suggested>(data, 'tag', 'suggest', '--tags', 'hum', '-n', '100');
    expect(tags[0]?.rows.every(({ path }) => path.includes('whistle'))).toBe(true);
    await earmarkJson(data, 'tag', 'undo');
    const again = await earmarkJson<Suggested>(data, 'tag', 'suggest', '--tags', 'hum', '-n', '100');
    expect(again.tags[0]?.rows.filter(({ path }) => path.includes('hum'))).toHaveLength(hums.length - taught);
  });

  it('are learnt by two layers too', async () => {
    const { tags } = await earmarkJson<{ tags: Metric[] }>(data, 'tag', 'train', '--head', 'mlp');
    expect(tags.map(({ state }) => state)).toEqual(['ready', 'ready']);
    for (const { rocAuc } of tags) expect(rocAuc).toBeGreaterThan(0.9);
  });

  it('stand beside what learnt nothing, on the same examples', async () => {
    const [statistics] = (await earmarkJson<{ encoders: { id: number; source: string }[] }>(data, 'encoders')).encoders.filter(
      ({ source }) => source === 'built-in',
    );
    await earmarkJson(data, 'index', '--encoder', String(statistics?.id));
    const { tags } = await earmarkJson<{ tags: (Metric & { beside: { name: string; rocAuc: number; rocAucInterval: number[] }[] })[] }>(
      ...([data, 'tag', 'train'] as const),
    );
    for (const { beside } of tags) {
      expect(beside.map(({ name }) => name)).toEqual(['Timbre statistics', '20 mel cepstral coefficients']);
      for (const { rocAuc, rocAucInterval } of beside) {
        expect(rocAuc).toBeGreaterThan(0.9);
        expect(rocAucInterval).toHaveLength(2);
      }
    }
    // Hums and whistles are as far apart by their spectra as by anything.
    const { stdout } = await runEarmark(data, 'tag', 'train');
    expect(stdout).toMatch(
      /“hum”: .*, which learnt nothing, reaches ROC-AUC 1\.00, and this encoder [01]\.\d\d: what it learnt does not help/,
    );
  });

  it('are not suggested by weights that are not those that were learnt', async () => {
    const encoders = join(data, 'encoders');
    const [head] = readdirSync(encoders).filter((name) => name.startsWith('head-'));
    const path = join(encoders, head ?? '');
    const bytes = readFileSync(path);
    bytes[bytes.length - 2] = (bytes[bytes.length - 2] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    const { code, stderr } = await runEarmark(data, 'tag', 'suggest');
    expect([code, stderr]).toEqual([1, expect.stringMatching(/are not those that were learnt of your tags.*Train the tags again/)]);
    await earmarkJson(data, 'tag', 'train');
    expect((await runEarmark(data, 'tag', 'suggest')).code).toBe(0);
  });
});
