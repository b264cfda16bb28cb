/** @file Events from the services to every window. A slow window gets the newest state of each subject, never a growing queue. */
import type { AppEvent } from '../contract/index.ts';

type Subscriber = { pending: Map<string, AppEvent>; wake: () => void };

/** Passes events on to whoever subscribed. */
export class EventHub {
  readonly #subscribers = new Set<Subscriber>();

  /** Tells everyone; an undelivered earlier event on the same subject is replaced. */
  emit(event: AppEvent): void {
    const subject = subjectOf(event);
    for (const subscriber of this.#subscribers) {
      subscriber.pending.delete(subject);
      subscriber.pending.set(subject, event);
      subscriber.wake();
    }
  }

  /** Events from this call on, until the signal fires or the loop is left. */
  subscribe(signal: AbortSignal): AsyncGenerator<AppEvent, void, void> {
    const subscriber: Subscriber = { pending: new Map(), wake: () => undefined };
    const leave = (): void => {
      this.#subscribers.delete(subscriber);
      subscriber.wake();
    };
    // Here and not in the generator, whose lines first run when it is asked for an event: what happened until then would be missed.
    if (!signal.aborted) this.#subscribers.add(subscriber);
    signal.addEventListener('abort', leave, { once: true });
    return eventsOf(subscriber, signal, leave);
  }
}

async function* eventsOf(subscriber: Subscriber, signal: AbortSignal, leave: () => void): AsyncGenerator<AppEvent, void, void> {
  try {
    while (!signal.aborted) {
      const [first] = subscriber.pending;
      if (first === undefined) await new Promise<void>((resolve) => (subscriber.wake = resolve));
      else {
        subscriber.pending.delete(first[0]);
        yield first[1];
      }
    }
  } finally {
    signal.removeEventListener('abort', leave);
    leave();
  }
}

function subjectOf(event: AppEvent): string {
  switch (event.type) {
    case 'job.updated':
      return `job ${event.job.id}`;
    case 'index.changed':
      return `index ${event.encoderId}`;
    case 'feature.noteChanged':
      return `note ${event.encoderId} ${event.feature}`;
    case 'run.updated':
    case 'run.stepped':
      return `${event.type} ${event.runId}`;
    default:
      return event.type;
  }
}
