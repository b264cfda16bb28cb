import { createHash } from 'node:crypto';
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

  it('is heard to its last word by a core that was busy when it ended', async () => {
    const parts: number[] = [];
    const how = await new Promise((resolve) => {
      const onMessage = ({ part }: { part: number }): void => {
        parts.push(part);
        // More work than the child has in saying the rest and ending, were it not for the pipe.
        if (part === 0) createHash('sha512').update(Buffer.alloc(300_000_000)).digest();
      };
      startChild<object, { part: number }>(new URL('./entries/says-much.ts', import.meta.url), { onMessage, onExit: resolve }).send({});
    });
    expect(parts).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(how).toBe('ended with code 0');
  });

  it('is ended, and not the core, by a message that the core cannot take', async () => {
    const how = await endOf({ say: { type: 'odd' } }, () => {
      throw new TypeError('this message has no number');
    });
    expect(how).toMatch(/^sent what could not be taken: TypeError: this message has no number/);
  });
});
