/** @file Activation profiles beside numpy's quantiles, and what is drawn and written of them. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { drawProfile, profileNeurons, profileTable, profileWords } from '../../../src-main/contract/index.ts';
import { activationProfile, standardiseTogether } from '../../../src-main/inspect/index.ts';
import type { ActivationProfile, Spread } from '../../../src-main/inspect/index.ts';
import { drawn } from '../../support/drawn.ts';

type Values = { segments: number; others: number; dimensions: number; own: ActivationProfile; standard: ActivationProfile[] };
const values = (JSON.parse(readFileSync(new URL('../../parity/values/figures.json', import.meta.url), 'utf8')) as { profiles: Values })
  .profiles;
const { dimensions } = values;
const rows = drawn(21, values.segments * dimensions).map((value) => value ** 3);
const others = drawn(22, values.others * dimensions).map((value) => Math.fround(value ** 2) * 2);

function expectAlike(found: ActivationProfile | null, wanted: ActivationProfile, digits: number): void {
  expect(found?.responding).toBeCloseTo(wanted.responding, 9);
  for (const order of ['ranks', 'neurons'] as const)
    for (const [name, list] of Object.entries(wanted[order]) as [keyof Spread, number[]][])
      for (const [at, value] of list.entries()) expect(found?.[order][name][at], `${order} ${name} ${at}`).toBeCloseTo(value, digits);
}

describe('an activation profile', () => {
  it('has numpy’s means and quantiles, sorted within segments and by neuron', () => {
    const before = rows.slice();
    expectAlike(activationProfile(rows, dimensions), values.own, 6);
    expect(rows).toEqual(before);
  });

  it('is made of two kinds of music by the deviation over both', () => {
    const parts = [rows.slice(), others.slice()];
    standardiseTogether(parts, dimensions);
    for (const [at, part] of parts.entries()) expectAlike(activationProfile(part, dimensions), values.standard[at] as ActivationProfile, 5);
  });

  it('of neurons that do not differ is 0 in deviations, and nobody responds where all are equal', () => {
    const same = new Float32Array(6).fill(2.5);
    expect(activationProfile(same, 3)?.responding).toBe(0);
    standardiseTogether([same], 3);
    expect([...same]).toEqual([0, 0, 0, 0, 0, 0]);
    expect(activationProfile(new Float32Array(0), 3)).toBeNull();
  });
});

describe('the figure of a profile', () => {
  const part = (name: string, profile: ActivationProfile, segments: number): ActivationProfile & Named => ({
    ...{ name, tracks: 3, segments, taken: segments },
    ...profile,
  });
  type Named = { name: string; tracks: number; segments: number; taken: number };
  const profile = {
    scale: 'own' as const,
    labels: ['', '', 'flux', '', '', ''],
    parts: [part('=rain', values.own, 37), part('<sun & sea>', values.own, 12)],
  };

  it('has a column for each place, and a line and a band for each kind of music', () => {
    const { columns, rows: lines, marks, plot } = drawProfile(profile, { order: 'segment', width: 600, height: 300 });
    expect([columns, lines]).toEqual([dimensions, 1]);
    expect(marks.filter(({ kind }) => kind === 'area')).toHaveLength(2);
    const dashes = marks.flatMap((mark) => (mark.kind === 'line' && mark.colour !== 'line' ? [mark.dash] : []));
    expect(new Set(dashes).size).toBe(2);
    expect(plot.right).toBeLessThan(600);
  });

  it('puts the neurons that give most in the first music first', () => {
    const order = profileNeurons(profile, 'neuron');
    const means = order.map((neuron) => values.own.neurons.mean[neuron] as number);
    expect(means).toEqual(means.toSorted((a, b) => b - a));
    expect(new Set(order).size).toBe(dimensions);
    expect(profileNeurons(profile, 'segment')).toEqual([]);
  });

  it('is a table with a row for each rank and neuron, and words that say how it was made', () => {
    const [head, ...body] = profileTable(profile);
    expect(head?.slice(0, 4)).toEqual(['music', 'of', 'number', 'label']);
    expect(body).toHaveLength(4 * dimensions);
    expect(body.find(([, of, number]) => of === 'neuron' && number === 2)?.slice(0, 5)).toEqual([
      ...['=rain', 'neuron', 2, 'flux'],
      values.own.neurons.mean[2],
    ]);
    expect(body[0]?.[2]).toBe(1);
    const { title, settings } = profileWords({ ...profile, parts: [{ ...part('a', values.own, 37), taken: 20 }] }, 'CLMR');
    expect(title).toBe('Activation profile of CLMR');
    expect(settings).toContain('20 of 37 segments, spread evenly of 3 tracks');
  });
});
