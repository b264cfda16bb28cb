/** @file Finding music by example from the command line, on sound made here. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { earmarkJson, runEarmark } from '../support/run-earmark.ts';
import { makeAudio, tone } from '../support/make-audio.ts';
import { writeWav } from '../support/wav.ts';

type Row = {
  rank: number;
  score: number;
  cosine: number;
  trackId: number;
  path: string;
  title: string;
  segment?: number;
  startMs?: number;
  queryStartMs?: number;
  fromBefore?: number | null;
  why: { feature: number; contribution: number }[];
};
type Answer = { rows: Row[]; considered: number; neurons: { feature: number; contribution: number }[] };

let root: string;
let music: string;
let data: string;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'earmark-similar-'));
  [music, data] = [join(root, 'music'), join(root, 'data')];
  mkdirSync(music);
  for (let i = 0; i < 8; i++) writeWav(join(music, `noisy ${i}.wav`), { seconds: 9 + i, seed: i + 1 });
  for (let i = 0; i < 4; i++)
    makeAudio(join(music, `tone ${i}.mp3`), { kind: 'mp3', seconds: 9, sound: tone(200 + 5 * i), sampleRate: 44_100 });
  // The same sound as “noisy 3”, a little shorter, and not in the library.
  writeWav(join(root, 'elsewhere.wav'), { seconds: 11, seed: 4 });
  writeWav(join(root, 'short.wav'), { seconds: 1, seed: 4 });
  writeFileSync(join(root, 'words.mp3'), 'These are words and no sound. '.repeat(50));
  await earmarkJson(data, 'scan', music);
  await earmarkJson(data, 'encoders', 'create', '--rate', '8000', '--seed', '5');
  await earmarkJson(data, 'index', '--device', 'cpu');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const names = (rows: readonly Row[]): string[] => rows.map(({ title }) => title);
const track = (name: string): string => join(music, name);

describe('similar', () => {
  it('finds tracks of the same kind of sound first, and never the track itself', async () => {
    const { rows, considered } = await earmarkJson<Answer>(data, 'similar', track('tone 0.mp3'), '-n', '20');
    expect(considered).toBe(11);
    expect(rows).toHaveLength(11);
    expect(new Set(names(rows.slice(0, 3)))).toEqual(new Set(['tone 1', 'tone 2', 'tone 3']));
    expect(rows.map(({ rank }) => rank)).toEqual(rows.map((_, i) => i + 1));
    const scores = rows.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    for (const { score, path, title } of rows) {
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(1);
      expect(path.startsWith(join(music, title))).toBe(true);
    }
  });

  it('finds the track that a file outside of the library holds the sound of', async () => {
    const { rows } = await earmarkJson<Answer>(data, 'similar', join(root, 'elsewhere.wav'), '-n', '3');
    expect(rows[0]).toMatchObject({ title: 'noisy 3', rank: 1 });
    expect(rows[0]?.cosine).toBeGreaterThan(0.99);
    expect(existsSync(join(root, 'elsewhere.wav'))).toBe(true);
  });

  it('finds passages, with their place and that in the query', async () => {
    const { rows } = await earmarkJson<Answer>(data, 'similar', join(root, 'elsewhere.wav'), '--segments', '-n', '2');
    expect(rows[0]?.title).toBe('noisy 3');
    expect(rows[0]?.startMs).toBeCloseTo((rows[0]?.segment ?? NaN) * 2592);
    expect(rows[0]?.queryStartMs).toBeCloseTo(rows[0]?.startMs ?? NaN);
  });

  it('moves away from what it should be less like, and compares without muted neurons', async () => {
    const plain = await earmarkJson<Answer>(data, 'similar', track('noisy 0.wav'), '-n', '20');
    const { title, cosine } = plain.rows[0] as Row;
    const less = await earmarkJson<Answer>(data, 'similar', track('noisy 0.wav'), '--less', track(`${title}.wav`), '-n', '20');
    expect(names(less.rows)).not.toContain(title);
    const neurons = plain.neurons.slice(0, 5).map(({ feature }) => feature);
    const muted = await earmarkJson<Answer>(data, 'similar', track('noisy 0.wav'), '--mute', neurons.join(), '-n', '20');
    for (const feature of neurons) expect(muted.neurons).toContainEqual({ feature, contribution: 0 });
    expect(muted.rows.find((row) => row.title === title)?.cosine).toBeLessThan(cosine);
  });

  it('keeps to words and tags, and takes a tag as an example', async () => {
    const { rows } = await earmarkJson<Answer>(data, 'similar', track('noisy 0.wav'), '--search', 'tone');
    expect(names(rows).sort()).toEqual(['tone 0', 'tone 1', 'tone 2', 'tone 3']);
    const unknown = await runEarmark(data, 'similar', track('noisy 0.wav'), '--tag', 'rainy');
    expect(unknown).toMatchObject({ code: 1, stderr: expect.stringMatching(/no tag “rainy”/) as string });
  });

  it.each([
    [['similar', 'nothing.wav'], 1, /neither a track of the library nor a file/],
    [['similar', '999'], 1, /no track/],
    [['similar', '1', '--mute', '512'], 1, /no neuron 512/],
    [['similar', '1', '--mute', 'loud'], 2, /whole number/],
    [['similar', '1', '--years', 'old'], 2, /1970-1979/],
    [['similar', '1', '-n', '0'], 2, /from 1 to 1000/],
    [['similar'], 2, /nothing to be like: name a track/],
    [['path', '1', '1'], 1, /two ends/],
    [['path', '1', '2', '--steps', '40'], 1, /needs 38 between its ends/],
    [['radio', '1', '--diversity', '2'], 2, /between 0 and 1/],
  ])('refuses %j with a sentence', async (args, code, says) => {
    const run = await runEarmark(data, ...args);
    expect(run.code).toBe(code);
    expect(run.stderr).toMatch(says);
  });

  it('says what is wrong with a file that is too short, or holds no sound', async () => {
    const short = await runEarmark(data, 'similar', join(root, 'short.wav'));
    expect(short).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/1\.00 s of sound; one segment of this encoder is 2\.59 s/) as string,
    });
    const words = await runEarmark(data, 'similar', join(root, 'words.mp3'), '--json');
    expect(words.code).toBe(1);
    expect(JSON.parse(words.stdout)).toMatchObject({ error: { code: 'NOT_AUDIO' } });
  });
});

describe('path and radio', () => {
  it('goes from one track to another, each once', async () => {
    const { rows } = await earmarkJson<Answer>(data, 'path', track('noisy 0.wav'), track('tone 0.mp3'), '--steps', '6');
    expect(rows).toHaveLength(6);
    expect(new Set(names(rows)).size).toBe(6);
    expect([rows[0]?.title, rows.at(-1)?.title]).toEqual(['noisy 0', 'tone 0']);
    expect(rows[0]?.fromBefore).toBeNull();
  });

  it('plays the same list from the same seed, and stops when nothing is left', async () => {
    const play = async (...args: string[]): Promise<string[]> =>
      names((await earmarkJson<Answer>(data, 'radio', track('tone 0.mp3'), '--diversity', '0.8', ...args)).rows);
    const first = await play('--seed', '3');
    expect(first).toHaveLength(11);
    expect(new Set(first).size).toBe(11);
    expect(await play('--seed', '3')).toEqual(first);
    expect(await play('--search', 'tone', '-n', '2')).toHaveLength(2);
  });
});

describe('inspect neurons', () => {
  it('lists every neuron of a space, with numbers that programs can rely on', async () => {
    type Listed = { number: number; spread: number; activeShare: number; selectivity: number; name: string | null; auroc: number | null };
    const { space, neurons } = await earmarkJson<{ space: unknown; neurons: Listed[] }>(data, 'inspect', 'neurons');
    expect(space).toMatchObject({ output: 'embedding' });
    expect(neurons.map(({ number }) => number)).toEqual(neurons.map((_, at) => at));
    for (const { selectivity, activeShare, name, auroc } of neurons) {
      expect(selectivity).toBeGreaterThanOrEqual(0);
      expect(activeShare).toBeLessThanOrEqual(1);
      expect(name === null).toBe(auroc === null);
    }
    const text = await runEarmark(data, 'inspect', 'neurons', '-n', '3');
    expect(text.stdout).toMatch(/the most selective first/);
    const unknown = await runEarmark(data, 'inspect', 'neurons', '--encoder', '99');
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringMatching(/no encoder 99|There is no encoder/)]);
  });
});

describe('inspect libraries', () => {
  it('sets a neuron’s top segments in two kinds of music side by side, and writes the figure', async () => {
    type Side = { name: string; tracks: number; top: { title: string }[] };
    const args = ['inspect', 'libraries', '--neuron', '3', '--of', 'tone', '--of', 'noisy', '--top', '5'];
    const found = await earmarkJson<{ number: number; sides: Side[]; likeness: unknown; missing: string }>(data, ...args);
    expect(found.number).toBe(3);
    expect(found.sides.map(({ name, tracks, top }) => [name, tracks, top.length])).toEqual([
      ['tone', 4, 5],
      ['noisy', 8, 5],
    ]);
    expect(found.sides[0]?.top.every(({ title }) => title.startsWith('tone'))).toBe(true);
    expect(found.likeness).toBeNull();
    const file = join(root, 'libraries.csv');
    const text = await runEarmark(data, ...args, '-o', file);
    expect(text.stdout).toContain('told by timbre statistics, which have not heard “tone”');
    expect(readFileSync(file, 'utf8')).toContain('top segment,tone,1,tone ');
    const one = await runEarmark(data, 'inspect', 'libraries', '--neuron', '3');
    expect([one.code, one.stderr]).toEqual([1, expect.stringContaining('Name two kinds of music with --of')]);
    const gone = await runEarmark(data, 'inspect', 'libraries', '--neuron', '3', '--of', 'data-set:/nowhere');
    expect([gone.code, gone.stderr]).toEqual([1, expect.stringContaining('No evaluation has heard a data set yet.')]);
  });
});

describe('inspect sound', () => {
  it('measures a neuron’s top segments beside others, and says why a neuron has no checkpoints', async () => {
    type Means = { top: { mean: number }; rest: { mean: number }; difference: { mean: number; low: number; high: number } };
    type Found = { number: number; top: { segments: number; tracks: number }; level: Means; attack: Means; decay: Means; bands: unknown[] };
    const file = join(root, 'sound.csv');
    const found = await earmarkJson<Found>(data, 'inspect', 'sound', '--neuron', '3', '-o', file);
    expect(found.number).toBe(3);
    expect(found.top.segments).toBeGreaterThanOrEqual(found.top.tracks);
    for (const { top, rest, difference } of [found.level, found.attack, found.decay]) {
      expect(difference.mean).toBeCloseTo(top.mean - rest.mean, 6);
      expect(difference.low).toBeLessThanOrEqual(difference.mean);
      expect(difference.high).toBeGreaterThanOrEqual(difference.mean);
    }
    expect(found.level.top.mean).toBeLessThan(0);
    expect(readFileSync(file, 'utf8').split('\n').length).toBeGreaterThan(found.bands.length);
    const none = await runEarmark(data, 'inspect', 'sound', '--neuron', '600');
    expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('there is no neuron 600')]);
    const drift = await runEarmark(data, 'inspect', 'drift', '--neuron', '3');
    expect([drift.code, drift.stderr]).toEqual([1, expect.stringContaining('did not come from a run of this library')]);
  });
});

describe('inspect encoders', () => {
  it('holds an encoder against another, and says what to do for one that has heard nothing', async () => {
    const { space } = await earmarkJson<{ space: { encoder: number } }>(data, 'inspect', 'neurons');
    const { encoder } = await earmarkJson<{ encoder: { id: number } }>(data, 'encoders', 'create', '--rate', '8000', '--seed', '6');
    const other = String(encoder.id);
    const asked = ['inspect', 'encoders', '--encoder', String(space.encoder), '--other', other];
    const deaf = await runEarmark(data, ...asked);
    expect([deaf.code, deaf.stderr]).toEqual([1, expect.stringContaining('has not heard any track yet. Index the library with it first.')]);
    await earmarkJson(data, 'index', '--encoder', other, '--device', 'cpu');
    type Found = {
      tracks: number;
      neighbours: { k: number; value: number };
      layers: { values: number[][] };
      neurons: { pairs: unknown[] };
      query: { lists: unknown[][] };
    };
    const args = [...asked, '-k', '3'];
    const found = await earmarkJson<Found>(data, ...args, '--track', track('tone 0.mp3'));
    expect(found).toMatchObject({ tracks: 12, neighbours: { k: 3 } });
    expect(found.layers.values[0]?.[0]).toBeGreaterThan(0);
    expect(found.neurons.pairs.length).toBeGreaterThan(0);
    expect(found.query.lists.map((rows) => rows.length)).toEqual([3, 3]);
    const file = join(root, 'layers.svg');
    const text = await runEarmark(data, ...args, '--figure', 'layers', '-o', file);
    expect(text.stdout).toContain('Linear centred kernel alignment');
    expect(readFileSync(file, 'utf8')).toContain('<desc>Linear centred kernel alignment (Kornblith et al. 2019) over ');
  });
});

describe('inspect spectra', () => {
  it('sets the filters of one encoder beside those of another, the same whichever comes first', async () => {
    type Made = { encoder: number; name: string; lines: { filter: number; peakHz: number }[] };
    const made = async (seed: string): Promise<number> =>
      (await earmarkJson<{ encoder: { id: number } }>(data, 'encoders', 'create', '--rate', '8000', '--seed', seed)).encoder.id;
    const [one, other] = [await made('5'), await made('6')];
    const file = join(root, 'spectra.svg');
    const ask = (first: number, second: number): Promise<Made & { beside: Made[] }> =>
      earmarkJson(data, 'inspect', 'spectra', '--encoder', String(first), '--beside', String(second), '-o', file);
    const found = await ask(one, other);
    expect([found.encoder, found.beside.map(({ encoder }) => encoder)]).toEqual([one, [other]]);
    for (const { lines, name } of [found, ...found.beside]) {
      expect(lines.map(({ filter }) => filter).toSorted((a, b) => a - b)).toEqual(lines.map((_, at) => at));
      expect(lines.map(({ peakHz }) => peakHz)).toEqual(lines.map(({ peakHz }) => peakHz).toSorted((a, b) => a - b));
      expect(readFileSync(file, 'utf8')).toContain(name);
    }
    expect(found.lines).not.toEqual(found.beside[0]?.lines);
    const turned = await ask(other, one);
    expect([turned.lines, turned.beside[0]?.lines]).toEqual([found.beside[0]?.lines, found.lines]);
    const timbre = await runEarmark(data, 'inspect', 'spectra', '--encoder', String(one), '--beside', '1');
    expect([timbre.code, timbre.stderr]).toEqual([1, expect.stringContaining('Filter spectra are made of a SampleCNN’s filters')]);
  });
});
