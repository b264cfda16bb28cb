/** @file `inspect sound` and `inspect drift`: how one neuron's top segments sound beside others, and the neuron at checkpoints of its run. */
import type { Command } from 'commander';
import { drawDrift, drawSound, driftTable, driftWords, soundTable, soundWords } from '../../../contract/index.ts';
import type { NeuronSound } from '../../../contract/index.ts';
import type { Follow, Services } from '../../../service/index.ts';
import { table } from '../output.ts';
import { whole } from '../verb.ts';
import { figureVerb, fileSize, showFigure, spaceName } from './figure-options.ts';
import type { FigureOptions, MadeFigure } from './figure-options.ts';
import { spaceOf } from './space-option.ts';

type NeuronOptions = FigureOptions & { neuron: number };

/** Adds the verbs. */
export function addInspectNeuron(inspect: Command): void {
  const mostNeurons = 65_535;
  figureVerb(
    inspect,
    'sound',
    'Measure how loud a neuron’s top segments are, their spectrum, attack and decay, beside other segments; from the audio.',
  )
    .requiredOption('--neuron <number>', 'the neuron', whole(0, mostNeurons))
    .action((options: NeuronOptions) => showFigure(options, sound));
  figureVerb(
    inspect,
    'drift',
    'Follow a neuron through the checkpoints of the run that its encoder came from, on a small sample of segments.',
  )
    .requiredOption('--neuron <number>', 'the neuron', whole(0, mostNeurons))
    .action((options: NeuronOptions) => showFigure(options, drift));
}

const figure = (value: number | null): string => (value === null ? '–' : value.toFixed(2));

async function sound(services: Services, { neuron, ...options }: NeuronOptions, follow: Follow): Promise<MadeFigure> {
  const chosen = spaceOf(services, options);
  const found = await services.inspecting.sounds.sound({ encoderId: chosen.id, number: neuron }, follow);
  const row = (name: string, { top, rest, difference }: NeuronSound['level']): string[] => [
    ...[name, figure(top.mean), figure(rest.mean), figure(difference.mean), `${figure(difference.low)} to ${figure(difference.high)}`],
  ];
  const { encoderId: _, ...told } = found;
  return {
    document: { space: spaceName(chosen), ...told },
    words: soundWords(found, chosen.name),
    drawing: drawSound(found, fileSize),
    table: soundTable(found),
    text: table(
      ['in dB', 'top', 'others', 'differ by', 'interval'],
      [row('loudness', found.level), row('attack', found.attack), row('decay', found.decay)],
    ),
  };
}

async function drift(services: Services, { neuron, ...options }: NeuronOptions, follow: Follow): Promise<MadeFigure> {
  const chosen = spaceOf(services, options);
  const found = await services.inspecting.drifts.drift({ encoderId: chosen.id, number: neuron }, follow);
  const rows = found.steps.map(({ step, isNow, correlation, kept }) => [
    ...[String(step), isNow ? 'now' : figure(correlation?.value ?? null)],
    ...[`${figure(correlation?.low ?? null)} to ${figure(correlation?.high ?? null)}`, `${kept} of ${found.of}`],
  ]);
  const { encoderId: _, ...told } = found;
  return {
    document: { space: spaceName(chosen), ...told },
    words: driftWords(found, chosen.name),
    drawing: drawDrift(found, fileSize),
    table: driftTable(found),
    text: table(['step', 'correlation', 'interval', 'top segments kept'], rows),
  };
}
