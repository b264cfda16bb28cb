/** @file Waiting in tests for what comes by itself. */
import { vi } from 'vitest';

/** Ends a test that hangs, in ms; a hundred times what anything takes that a test waits for. */
const limitMs = 600_000;

/** Resolves with what `check` gives as soon as it does not throw; throws its last error when the limit of time is over. */
export function waitFor<Result>(check: () => Result | Promise<Result>): Promise<Result> {
  return vi.waitFor(check, { timeout: limitMs, interval: 20 });
}
