/** @file Counts and units as sentences write them. */
import { describe, expect, it } from 'vitest';
import { countOf, formatCount, singularOf, withUnit } from '../../../src-main/base/index.ts';
import { pretraining } from '../../../src-main/contract/index.ts';
import { describeIndex } from '../../../src-main/service/indexing/index-run.ts';
import { kindAt } from '../../../src-renderer/state/setting-kinds.ts';
import { jobFailures, jobFigures } from '../../../src-renderer/view/frame/job-text.ts';
import { unitBeside, valueText, valueWithUnit } from '../../../src-renderer/view/pretrain/words.ts';
import { valueAt } from '../../../src-renderer/lib/setting-paths.ts';

describe('counts', () => {
  it('go with their nouns', () => {
    expect([0, 1, 2, 12_345].map((count) => countOf(count, 'tag'))).toEqual(['0 tags', '1 tag', '2 tags', '12\u202f345 tags']);
    expect(countOf(1, 'entry', 'entries')).toBe('1 entry');
    expect(countOf(1, 'track was', 'tracks were')).toBe('1 track was');
    expect(formatCount(1_234_567)).toBe('1\u202f234\u202f567');
  });

  it('take one of a unit that is a word, and leave signs as they are', () => {
    expect(['epochs', 'pairs', 'entries', 'ms', 'Hz', '%', 'dB', 's', 'of the peak'].map(singularOf)).toEqual([
      ...['epoch', 'pair', 'entry'],
      ...['ms', 'Hz', '%', 'dB', 's', 'of the peak'],
    ]);
    expect([withUnit('1', 'epochs'), withUnit('1.5', 'epochs'), withUnit('1', 'ms'), withUnit('7', '')]).toEqual([
      ...['1 epoch', '1.5 epochs', '1 ms', '7'],
    ]);
  });

  it('are right in what jobs say of one thing', () => {
    const progress = { done: 1, total: 1, unit: 'tracks', audioSeconds: 0, rate: 0, secondsLeft: null, detail: '', failed: 1 };
    const job = { kind: 'index', state: 'running', progress } as never;
    expect(jobFigures(job)).toBe('1 of 1 track');
    expect(jobFailures(job)).toBe('1 track could not be read');
    expect(describeIndex({ tracks: 1, segments: 1, failed: [] } as never)).toBe('1 track indexed: 1 segment.');
  });
});

describe('units of settings', () => {
  it('stand once beside every control: neither twice nor not at all', () => {
    const settings = pretraining.recipeDefaults.clmr;
    for (const field of pretraining.fields) {
      const kind = kindAt(settings, field.path);
      if (kind === null) continue;
      const value = valueAt(settings, field.path);
      const beside = unitBeside(field, kind, value);
      const within = kind.kind === 'choice' ? valueText(field.path, value) : '';
      const unit = singularOf(field.unit);
      const times = `${within} ${beside}`.split(' ').filter((word) => unit !== '' && singularOf(word) === unit).length;
      const isWord = kind.kind === 'length' || unit === '' || unit.includes(' ');
      expect(isWord ? 1 : times, `${field.path}: ${within} ${beside}`).toBe(1);
      expect(valueWithUnit(field, value), field.path).not.toMatch(/\b(\S+) \1$|^1 \p{L}{3,}s$/u);
    }
  });
});
