/** @file The way to a neuron's panel from elsewhere: the palette, a column of Listen. */
import { featureName } from '../../../src-main/contract/index.ts';
import type { Action } from '../../lib/keys.ts';
import { attempt, encoders, route } from '../../state/app.svelte.ts';
import { inspectNeuron, inspectPlace } from '../../state/inspecting.svelte.ts';

/** Opens the panel of a neuron of the chosen space. */
export function openNeuron(number: number): void {
  const encoder = encoders.current;
  if (encoder === null) return;
  inspectPlace.go('neurons');
  route.go('inspect');
  attempt(inspectNeuron.open(encoder.id, number));
}

/** What the palette finds for “neuron 105”: that neuron, where the chosen space has it and has heard something. */
export function neuronsCalled(typed: string): Action[] {
  const number = Number(/^\s*(?:neuron|concept|feature)\s+(\d{1,5})\s*$/i.exec(typed)?.[1] ?? NaN);
  const encoder = encoders.current;
  if (encoder === null || !(number < encoder.dimensions) || (encoder.index?.segments ?? 0) === 0) return [];
  const name = featureName(encoder.architecture, number);
  const label = `Open neuron ${number}${name === '' ? '' : `, ${name}`}`;
  return [{ id: `inspect.neuron-${number}`, label, group: encoder.name, keys: [], isFirst: true, run: () => openNeuron(number) }];
}
