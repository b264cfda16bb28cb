/** @file The library of figures with more spaces written by hand: another encoder, timbre statistics, and a data set that an evaluation has heard. */
import { join } from 'node:path';
import { timbreStatistics } from '../../src-main/contract/index.ts';
import type { EncoderId } from '../../src-main/contract/index.ts';
import { libraryName } from '../../src-main/service/evaluating/dataset-library.ts';
import { openStore } from '../../src-main/store/index.ts';
import type { NewEncoder, Store } from '../../src-main/store/index.ts';
import { figureDimensions, hiss, hum } from './figure-library.ts';
import { someEvaluation } from './some-evaluation.ts';
import { smallEncoder, trackFile } from './store-data.ts';

/** How a space hears: `values` of a segment of a track by its number. */
export type Hearing = { hopSamples?: number; segments: number; values: (track: number, segment: number) => Float32Array };

/** Writes an index of an encoder over the tracks of the library of figures, or over some of them, by number. */
export function hears(store: Store, encoderId: EncoderId, { hopSamples, segments, values }: Hearing, tracks = [...hiss, ...hum]): void {
  const { cropSamples } = store.encoders.get(encoderId);
  const writer = store.index.writer(store.index.ensure(encoderId, hopSamples ?? cropSamples).id);
  for (const track of tracks.toSorted((a, b) => a - b)) {
    const name = `${hiss.includes(track) ? 'hiss' : 'hum'} ${track}`;
    const found = store.tracks.findByPath(`/music/${name}.mp3`);
    if (found === null) throw new Error(`There is no track ${name}.`);
    writer.begin(found.id, `hash of ${name}`);
    for (let segment = 0; segment < segments; segment++) writer.append(values(track, segment));
    writer.finish({});
  }
  writer.close();
}

/** Another encoder of so many neurons, with its index. */
export function otherEncoder(
  store: Store,
  about: Partial<NewEncoder> & { dimensions: number },
  hearing: Hearing,
  tracks?: number[],
): EncoderId {
  const { id } = store.encoders.add({ ...smallEncoder(about.dimensions), name: 'Other', weightsSha256: 'cd', ...about });
  hears(store, id, hearing, tracks);
  return id;
}

export const timbreDimensions = 316;

/** Timbre statistics, of which the last hundred are greater where it hisses, and all others say nothing. */
export function timbre(store: Store): EncoderId {
  const cropSamples = 64_000;
  const about = {
    name: 'Timbre',
    architecture: timbreStatistics,
    settings: {},
    sampleRate: 16_000,
    cropSamples,
    source: 'built-in' as const,
  };
  const values = (track: number, segment: number): Float32Array =>
    Float32Array.from({ length: timbreDimensions }, (_, statistic) => {
      const noise = Math.sin(12.9898 * (track * 7 + segment * 3 + statistic * 1.7 + 1)) * 43758.5453;
      return noise - Math.floor(noise) + (statistic > 215 && hiss.includes(track) ? 2 : 0);
    });
  // Tracks last a minute, of which the first segments alone are heard.
  return otherEncoder(store, { ...about, dimensions: timbreDimensions, weightsSha256: 'ef' }, { segments: 3, values });
}

/** A data set of eight tracks that an evaluation of the encoder with these weights has heard; its neuron 0 gives 20 less the track's number. @returns its name */
export function heardDataSet(store: Store, weightsSha256 = 'ab'): { name: string; directory: string } {
  const [dataset, folder] = ['folder', '/data/clips'];
  const name = libraryName(dataset, folder);
  const directory = join(store.paths.dataSets, name);
  const own = openStore(directory);
  const { id, cropSamples } = own.encoders.add({ ...smallEncoder(figureDimensions), weightsSha256 });
  const writer = own.index.writer(own.index.ensure(id, cropSamples).id);
  for (let track = 0; track < 8; track++) {
    const { id: trackId } = own.tracks.upsert({ ...trackFile(own, `clip ${track}`), genre: track < 4 ? 'strings' : 'brass' });
    writer.begin(trackId, `hash of clip ${track}`);
    writer.append(Float32Array.of(20 - track, 0, 1, track));
    writer.finish({});
  }
  writer.close();
  own.close();
  const evaluation = someEvaluation({
    ...{
      id: 1,
      name: 'Small',
      dataset,
      datasetTitle: 'A folder',
      folder,
      task: 'classes',
      taskTitle: 'Classes',
      split: 'own',
      manifest: 'm',
    },
  });
  store.evaluations.save('key', evaluation, new Uint8Array(0));
  return { name, directory };
}
