/** @file A slice of `bench contract-fuzz`: a message of every procedure against a real core. */
import { expect, it } from 'vitest';
import { fuzzCore } from '../support/fuzz/run.ts';
import { procedureNames } from '../support/fuzz/messages.ts';

it('a core answers every message with a result or an error of its own, whatever is in it', async () => {
  const { wrong, valid, malformed, results, procedures } = await fuzzCore({ seed: 11, count: procedureNames.length });
  expect(wrong).toEqual([]);
  expect(valid).toBe(procedureNames.length);
  expect(malformed).toBeGreaterThan(10);
  expect(results).toBeGreaterThan(procedureNames.length / 4);
  expect([...procedures.keys()].sort()).toEqual([...procedureNames].sort());
});
