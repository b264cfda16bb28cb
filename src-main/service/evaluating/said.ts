/** @file What probes said of the clips that they were judged by, as it is kept beside an evaluation. */
import { AppError, defined } from '../../base/index.ts';
import { encodeSafetensors, readSafetensors } from '../../compute/index.ts';
import type { WeightArray } from '../../learn/index.ts';
import type { ProbeAsked, Probed, ProbeSaid } from '../processes/probe-messages.ts';

type About = Pick<ProbeSaid, 'kind' | 'outputs' | 'keys'>;

/** Bytes of what was said, with the answers. */
export function packSaid({ kind, outputs, keys, answers, groups }: ProbeAsked, { seeds }: Probed): Uint8Array {
  const [first] = seeds;
  const clips = defined(first, 'a seed').outputs.clips;
  const width = kind === 'classes' ? 1 : outputs;
  const own = new Float32Array(clips.length * width);
  for (const [place, clip] of clips.entries()) own.set(answers.subarray(clip * width, (clip + 1) * width), place * width);
  const tensors = new Map<string, WeightArray>([
    ['answers', { shape: [clips.length, width], data: own }],
    ['groups', { shape: [clips.length], data: renumbered(Array.from(clips, (clip) => groups[clip] as number)) }],
    ...seeds.map(({ outputs: said }, seed): [string, WeightArray] => [
      `said-${seed}`,
      { shape: [clips.length, outputs], data: said.outputs },
    ]),
  ]);
  const about: About = { kind, outputs, keys };
  return encodeSafetensors(tensors, { about: JSON.stringify(about) });
}

/** @throws AppError BAD_INPUT for what is no such thing */
export async function unpackSaid(bytes: Uint8Array): Promise<ProbeSaid> {
  const { tensors, metadata } = await readSafetensors(bytes);
  const about = metadata.get('about');
  if (about === undefined) throw new AppError('BAD_INPUT', 'What the evaluation kept of its probes cannot be read. Evaluate again.');
  const at = (name: string): Float32Array => defined(tensors.get(name), name).data;
  const count = [...tensors.keys()].filter((name) => name.startsWith('said-')).length;
  return {
    ...(JSON.parse(about) as About),
    ...{ answers: at('answers'), groups: Int32Array.from(at('groups')) },
    seeds: Array.from({ length: count }, (_, seed) => at(`said-${seed}`)),
  };
}

/** Groups in the order in which they come, whatever was numbered beside them. */
function renumbered(groups: readonly number[]): Float32Array {
  const places = new Map<number, number>();
  for (const group of groups) if (!places.has(group)) places.set(group, places.size);
  return Float32Array.from(groups, (group) => defined(places.get(group), 'a group'));
}
