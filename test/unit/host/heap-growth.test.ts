/** @file The core's young generation, which V8 would let grow to 128 MB and never give back. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

const entry = new URL('../../../src-main/host/heap-growth.ts', import.meta.url);

/** Bytes of the young generation of a process after work whose objects live for some time. */
function youngBytesAfterWork(isLimited: boolean): number {
  const code = `
    const { limitHeapGrowth, youngBytes } = await import(${JSON.stringify(entry.href)});
    if (${isLimited}) limitHeapGrowth();
    let kept = [];
    for (let turn = 0; turn < 400; turn++) {
      for (let i = 0; i < 10_000; i++) kept.push({ i, text: 'x' + i });
      if (kept.length > 400_000) kept = kept.slice(200_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    console.log(youngBytes());`;
  return Number(execFileSync(process.execPath, ['--input-type=module', '--eval', code], { encoding: 'utf8' }));
}

describe('the heap of the core', () => {
  it('has a young generation that stays small', () => {
    expect(youngBytesAfterWork(true)).toBeLessThanOrEqual(32 * 2 ** 20);
    expect(youngBytesAfterWork(false)).toBeGreaterThan(64 * 2 ** 20);
  });
});
