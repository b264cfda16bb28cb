import { describe, expect, it } from 'vitest';
import { called, count, hop, seed } from '../../../src-main/host/cli/verb.ts';

describe('numbers on the command line', () => {
  it('are taken within what the core takes, and refused with these bounds', () => {
    expect(hop('256')).toBe(256);
    expect(() => hop('1')).toThrow('It must be a whole number from 256 to 10000000.');
    expect(seed('4294967295')).toBe(4_294_967_295);
    expect(() => seed('4294967296')).toThrow('It must be a whole number from 0 to 4294967295.');
  });

  it.each(['-1', '1.5', '1e3', '0x10', '', ' 1', '9999999999999999999'])('are whole and plain, not %o', (text) => {
    expect(() => count(text)).toThrow('It must be a whole number from 0 to 999999999.');
  });
});

it('a name on the command line can be seen, and is no longer than the core takes', () => {
  expect(called(' Nightly ')).toBe('Nightly');
  for (const text of ['', '  ', 'x'.repeat(201)]) expect(() => called(text)).toThrow('It must have 1 to 200 characters.');
});
