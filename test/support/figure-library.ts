/** @file A library whose index was written by hand, for figures: half of its tracks hiss, half hum, and neurons tell which. */
import { onTestFinished, vi } from 'vitest';
import type { EncoderId, TagId } from '../../src-main/contract/index.ts';
import { sourceEntries } from '../../src-main/host/core.ts';
import { createServices, EventHub } from '../../src-main/service/index.ts';
import type { Services } from '../../src-main/service/index.ts';
import { smallEncoder, temporaryDirectory, trackFile } from './store-data.ts';

const host = {
  ...{ kind: 'serve' as const, version: '0.1.0-test' },
  ...{ chooseFolder: async () => null, chooseWeights: async () => null, reveal: async () => undefined },
};

/** Numbers of the tracks. Those that hiss bear a tag; their genre is “noise”, the others’ “bass”. */
export const hiss = [0, 2, 4, 6, 8, 10];
export const hum = [1, 3, 5, 7, 9, 11];

/** Neuron 0 gives 10 where it hisses and 1 elsewhere, neuron 1 the opposite, neuron 2 a quarter of the track’s number, neuron 3 the segment’s. */
export const figureDimensions = 4;
const segments = 3;

export type FigureLibrary = {
  services: Services;
  encoderId: EncoderId;
  tagId: TagId;
  /** How often something was looked at. */
  looks: () => number;
};

/** @param broken segments of the last track that hold no finite numbers */
export function figureLibrary({ broken = 0 }: { broken?: number } = {}): FigureLibrary {
  const services = createServices({ dataDirectory: temporaryDirectory(), host, entries: sourceEntries, report: () => undefined });
  onTestFinished(() => services.close());
  const { store } = services;
  const { id, cropSamples } = store.encoders.add(smallEncoder(figureDimensions));
  const events = vi.spyOn(EventHub.prototype, 'emit');
  onTestFinished(() => events.mockRestore());
  const writer = store.index.writer(store.index.ensure(id, cropSamples).id);
  const { tag } = store.tags.create({ kind: 'sound', name: 'hiss' });
  for (let track = 0; track < hiss.length + hum.length; track++) {
    const isHiss = hiss.includes(track);
    const name = `${isHiss ? 'hiss' : 'hum'} ${track}`;
    const { id: trackId } = store.tracks.upsert({ ...trackFile(store, name), genre: isHiss ? 'noise' : 'bass', artist: `artist ${track}` });
    if (isHiss) store.tags.mark({ tagIds: [tag.id], targets: [{ trackId }], answer: 'yes', source: 'person' });
    writer.begin(trackId, `hash of ${name}`);
    for (let segment = 0; segment < segments; segment++) {
      const isBroken = track === hiss.length + hum.length - 1 && segment < broken;
      writer.append(Float32Array.of(isHiss ? 10 : 1, isBroken ? Number.NaN : isHiss ? 1 : 10, track / 4, segment));
    }
    writer.finish({});
  }
  writer.close();
  const looks = (): number => events.mock.calls.filter(([event]) => event.type === 'inspect.looking' && event.looking === null).length;
  return { services, encoderId: id, tagId: tag.id, looks };
}
