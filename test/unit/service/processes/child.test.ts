import { describe, expect, it } from 'vitest';
import { startChild } from '../../../../src-main/service/processes/child.ts';

const entry = new URL('./entries/speaks.ts', import.meta.url);

/** How a child ends that is sent `request`. */
function endOf(request: unknown, onMessage: (message: unknown) => void = () => undefined): Promise<string> {
  return new Promise((resolve) => {
    startChild<unknown, unknown>(entry, { onMessage, onExit: resolve }).send(request);
  });
}

describe('a child process', () => {
  it('ends with the reason of an exception that nobody caught, in one line', async () => {
    expect(await endOf({ fail: 'throw' })).toMatch(/^ended with code 1: RangeError: the record is too long/);
    expect(await endOf({ fail: 'reject' })).toMatch(/^ended with code 1: TypeError: no such thing/);
    expect(await endOf({ fail: 'text' })).toMatch(/^ended with code 1: Error: words alone/);
  });

  it('is ended, and not the core, by a message that the core cannot take', async () => {
    const how = await endOf({ say: { type: 'odd' } }, () => {
      throw new TypeError('this message has no number');
    });
    expect(how).toMatch(/^sent what could not be taken: TypeError: this message has no number/);
  });
});
