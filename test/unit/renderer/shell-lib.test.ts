/** @file Searching labels, waiting for a pause, reading a hop. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { debounce } from '../../../src-renderer/lib/debounce.ts';
import { readHop, seconds } from '../../../src-renderer/lib/hop.ts';
import { bestMatches, matchScore } from '../../../src-renderer/lib/search.ts';

describe('finding by typed words', () => {
  it('wants every word, whatever its case and accents', () => {
    expect(matchScore('Étude in Red', 'etude RED')).toBeGreaterThan(0);
    expect(matchScore('Étude in Red', 'etude blue')).toBe(0);
  });

  it('puts a label that begins with the word before one that only holds it', () => {
    const found = bestMatches(['Reindex', 'Go to the index', 'Index now', 'Other'], 'index', (label) => label, 10);
    expect(found).toEqual(['Index now', 'Go to the index', 'Reindex']);
  });

  it('keeps the order and the number when nothing is typed', () => {
    expect(bestMatches(['b', 'a', 'c'], '  ', (label) => label, 2)).toEqual(['b', 'a']);
  });
});

describe('doing a thing after a burst', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('does it once, with what was given last', () => {
    const heard: string[] = [];
    const later = debounce((text: string) => heard.push(text), 100);
    later('a');
    vi.advanceTimersByTime(99);
    later('ab');
    vi.advanceTimersByTime(99);
    expect(heard).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(heard).toEqual(['ab']);
  });

  it('does not wait longer than it may when the burst does not end', () => {
    let count = 0;
    const later = debounce(() => count++, 100, 250);
    for (let i = 0; i < 10; i++) {
      later();
      vi.advanceTimersByTime(50);
    }
    expect(count).toBe(2);
  });

  it('runs at once when it is flushed, and never when it is cancelled', () => {
    let count = 0;
    const later = debounce(() => count++, 100);
    later();
    later.flush();
    expect(count).toBe(1);
    later();
    later.cancel();
    vi.runAllTimers();
    expect(count).toBe(1);
  });
});

describe('a hop', () => {
  it('is read in samples and in seconds', () => {
    expect(readHop('59049', 'samples', 22050)).toEqual({ hopSamples: 59049 });
    expect(readHop('1,5', 'seconds', 22050)).toEqual({ hopSamples: 33075 });
  });

  it('is refused with a sentence when it is no number, too short or too long', () => {
    expect(readHop('', 'seconds', 22050)).toEqual({ problem: 'Type a number of seconds.' });
    expect(readHop('x', 'samples', 22050)).toHaveProperty('problem');
    expect(readHop('0.001', 'seconds', 22050)).toEqual({ problem: 'The hop is at least 256 samples (0.012 s).' });
    expect(readHop('1e9', 'samples', 22050)).toHaveProperty('problem');
  });

  it('is said in seconds without needless digits', () => {
    expect(seconds(22050, 22050)).toBe('1');
    expect(seconds(59049, 22050)).toBe('2.678');
  });
});
