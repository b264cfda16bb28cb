/** @file The encoder that every library has: timbre statistics, which are a formula and need no weights, so that music can be heard before anything is chosen. */
import { hashWeights } from '../../compute/index.ts';
import { createEncoder, timbreMel, timbreStatistics } from '../../learn/index.ts';
import type { StoredEncoder } from '../../store/index.ts';
import type { Tools } from '../tools.ts';

type Wanted = Pick<Tools, 'store' | 'events'>;

/**
 * Gives a library its built-in encoder, once: one that a person took out stays out. It is chosen where nothing else is.
 * @throws AppError DISK_FULL
 */
export function ensureBuiltIn(tools: Wanted): void {
  const known = builtInOf(tools);
  if (known === null) chooseWhereNoneIs(tools, added(tools));
  else if (known.removedAt === null) chooseWhereNoneIs(tools, known);
}

/** The built-in encoder, brought back where it was taken out. @throws AppError DISK_FULL */
export function bringBuiltIn(tools: Wanted): StoredEncoder {
  const { store, events } = tools;
  const { id } = builtInOf(tools) ?? added(tools);
  store.encoders.restore(id);
  events.emit({ type: 'encoders.changed' });
  const encoder = store.encoders.get(id);
  chooseWhereNoneIs(tools, encoder);
  return encoder;
}

function builtInOf({ store }: Wanted): StoredEncoder | null {
  return store.encoders.list({ includeRemoved: true }).find(({ source }) => source === 'built-in') ?? null;
}

function added({ store, events }: Wanted): StoredEncoder {
  const made = createEncoder({ architecture: timbreStatistics, sampleRate: timbreMel.sampleRate });
  const { settings, architecture, title, sampleRate, cropSamples, dimensions } = made;
  const encoder = store.encoders.add({
    ...{ name: title, architecture, settings, sampleRate, cropSamples, dimensions },
    ...{ source: 'built-in', origin: 'a formula', weightsSha256: hashWeights(new Map()) },
  });
  events.emit({ type: 'encoders.changed' });
  return encoder;
}

function chooseWhereNoneIs({ store, events }: Wanted, { id }: StoredEncoder): void {
  if (store.settings.get().encoderId !== null) return;
  store.settings.set({ encoderId: id });
  events.emit({ type: 'settings.changed' });
}
