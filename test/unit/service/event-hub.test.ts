/** @file Events: from the moment of the subscription on, the newest of each subject, and nobody is kept who left. */
import { describe, expect, it } from 'vitest';
import type { EncoderId } from '../../../src-main/contract/index.ts';
import { EventHub } from '../../../src-main/service/event-hub.ts';

const note = (feature: number, text: string) => ({ type: 'feature.noteChanged', encoderId: 1 as EncoderId, feature, text }) as const;

describe('a subscription', () => {
  it('hears what happens before its first event is asked for', async () => {
    const hub = new EventHub();
    const events = hub.subscribe(new AbortController().signal);
    hub.emit(note(1, 'guitars'));
    expect((await events.next()).value).toEqual(note(1, 'guitars'));
  });

  it('hears the newest of each subject, in the order in which they last changed', async () => {
    const hub = new EventHub();
    const events = hub.subscribe(new AbortController().signal);
    for (const event of [note(1, 'a'), note(2, 'b'), note(1, 'c')]) hub.emit(event);
    expect([(await events.next()).value, (await events.next()).value]).toEqual([note(2, 'b'), note(1, 'c')]);
  });

  it('ends with its signal, also while it waits, and before anything was asked for', async () => {
    const hub = new EventHub();
    const [early, waiting] = [new AbortController(), new AbortController()];
    const first = hub.subscribe(early.signal);
    early.abort();
    expect(await first.next()).toMatchObject({ done: true });
    const second = hub.subscribe(waiting.signal).next();
    waiting.abort();
    expect(await second).toMatchObject({ done: true });
    expect(await hub.subscribe(waiting.signal).next()).toMatchObject({ done: true });
  });
});
