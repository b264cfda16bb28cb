import { describe, expect, it } from 'vitest';
import type { AppEvent, EncoderId } from '../../../src-main/contract/index.ts';
import { EventHub } from '../../../src-main/service/event-hub.ts';

describe('EventHub', () => {
  it('gives every subscriber the events from its subscription on', async () => {
    const hub = new EventHub();
    const first = hub.subscribe(new AbortController().signal);
    const waiting = first.next();
    hub.emit({ type: 'library.changed' });
    expect((await waiting).value).toEqual({ type: 'library.changed' });
  });

  it('gives a slow subscriber the newest state of each subject once', async () => {
    const hub = new EventHub();
    const events = hub.subscribe(new AbortController().signal);
    const waiting = events.next();
    hub.emit({ type: 'encoders.changed' });
    await waiting;
    const note = (text: string): AppEvent => ({ type: 'feature.noteChanged', encoderId: 1 as EncoderId, feature: 5, text });
    for (const text of ['a', 'b', 'c']) hub.emit(note(text));
    hub.emit({ type: 'library.changed' });
    hub.emit({ type: 'library.changed' });
    expect((await events.next()).value).toEqual(note('c'));
    expect((await events.next()).value).toEqual({ type: 'library.changed' });
    let hasMore = false;
    void events.next().then(() => (hasMore = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(hasMore).toBe(false);
  });

  it('ends a subscription when its signal fires', async () => {
    const hub = new EventHub();
    const abort = new AbortController();
    const waiting = hub.subscribe(abort.signal).next();
    abort.abort();
    expect((await waiting).done).toBe(true);
  });
});
