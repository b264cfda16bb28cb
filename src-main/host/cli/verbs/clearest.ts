/** @file `top --clearest`: the neurons that are worth hearing first, with passages at both of their ends. */
import { embeddingOutput } from '../../../contract/index.ts';
import type { HeardSegment } from '../../../contract/index.ts';
import { featureText } from '../../../service/index.ts';
import type { Services } from '../../../service/index.ts';
import type { StoredEncoder } from '../../../store/index.ts';
import { duration, table } from '../output.ts';
import type { Output } from '../output.ts';

/** Prints `count` neurons of an encoder or a space of one. */
export async function printClearest(
  { listening, store }: Services,
  { chosen, count, output }: { chosen: StoredEncoder; count: number; output: Output },
): Promise<void> {
  const { tracks, neurons, says } = await listening.clearest({ encoderId: chosen.id, count });
  const withPath = (segments: readonly HeardSegment[]): (HeardSegment & { path: string })[] =>
    segments.map((segment) => ({ ...segment, path: store.tracks.path(segment.trackId) }));
  const told = neurons.map(({ feature, clarity, top, bottom }) => ({
    ...{ feature, name: featureText(store, chosen, feature), clarity },
    ...{ top: withPath(top), bottom: withPath(bottom) },
  }));
  const { space, baseEncoderId } = chosen;
  const about = space === null ? { encoder: chosen.id, output: embeddingOutput } : { encoder: baseEncoderId, ...space };
  output.result({ ...about, tracks, neurons: told, says }, () => {
    const cells = told.flatMap(({ feature, name, clarity, top, bottom }) => [
      [`${feature}`, clarity.toFixed(2), name, ''],
      ...top.map((segment) => ['', segment.activation.toFixed(3), ...placeOf(segment)]),
      ...bottom.toReversed().map((segment) => ['', segment.activation.toFixed(3), ...placeOf(segment)]),
    ]);
    return says === '' ? `Clearest neurons of ${chosen.name}\n${table(['neuron', 'clarity', 'name or track', 'at'], cells)}` : says;
  });
}

function placeOf({ title, artist, startMs }: HeardSegment): [string, string] {
  return [artist === '' ? title : `${title} – ${artist}`, duration(startMs / 1000)];
}
