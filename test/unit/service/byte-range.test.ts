import { describe, expect, it } from 'vitest';
import { parseByteRange } from '../../../src-main/service/media/byte-range.ts';

describe('parseByteRange', () => {
  it.each([
    [null, 'all'],
    ['bytes=0-', { first: 0, last: 99 }],
    ['bytes=10-19', { first: 10, last: 19 }],
    ['bytes=10-1000', { first: 10, last: 99 }],
    ['bytes=-10', { first: 90, last: 99 }],
    ['bytes=-1000', { first: 0, last: 99 }],
    ['bytes=99-', { first: 99, last: 99 }],
    ['bytes=100-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=20-10', 'unsatisfiable'],
    ['bytes=-', 'all'],
    ['bytes=0-1,5-6', 'all'],
    ['items=0-1', 'all'],
    ['bytes=a-b', 'all'],
  ] as const)('reads %s', (header, expected) => {
    expect(parseByteRange(header, 100)).toEqual(expected);
  });
});
