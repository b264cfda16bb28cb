/** @file `inspect`: what an encoder learned, as documents. */
import type { Command } from 'commander';
import { countOf } from '../../../base/index.ts';
import { conceptSettings } from '../../../contract/index.ts';
import type { LearnConcepts, LearntConcepts, Neuron } from '../../../contract/index.ts';
import { table } from '../output.ts';
import { follow, runVerb, withServices } from '../session.ts';
import type { CommonOptions } from '../session.ts';
import { between, count, verb, whole } from '../verb.ts';
import { spaceName } from './figure-options.ts';
import { addInspectEncoders } from './inspect-encoders.ts';
import { addInspectFactors } from './inspect-factors.ts';
import { addInspectLibraries } from './inspect-libraries.ts';
import { addInspectNeuron } from './inspect-neuron.ts';
import { addInspectOccurrence } from './inspect-occurrence.ts';
import { addInspectProfile } from './inspect-profile.ts';
import { addInspectSpectra } from './inspect-spectra.ts';
import { addInspectTaggram } from './inspect-taggram.ts';
import { addMap } from './inspect-map.ts';
import { spaceOf, withSpace } from './space-option.ts';
import type { SpaceOptions } from './space-option.ts';

/** Adds the verb with its own verbs. */
export function addInspectVerbs(program: Command): void {
  const inspect = program.command('inspect').description('Show what an encoder learned: its neurons, and figures of them.');
  withSpace(
    verb(inspect, 'neurons', 'List every neuron: how far it spreads, how selective it is, and the best name that was found for it.'),
  )
    .option('-n, --limit <number>', 'how many to print; the document has all', count, 20)
    .action((options: NeuronOptions) => neurons(options));
  addConcepts(inspect);
  addInspectProfile(inspect);
  addInspectOccurrence(inspect);
  addInspectFactors(inspect);
  addInspectSpectra(inspect);
  addInspectLibraries(inspect);
  addInspectEncoders(inspect);
  addInspectNeuron(inspect);
  addInspectTaggram(inspect);
  addMap(inspect);
}

type ConceptOptions = CommonOptions & SpaceOptions & { list: boolean } & Omit<LearnConcepts, 'encoderId'>;

/** Adds `inspect concepts`, whose options are the settings that are declared. */
function addConcepts(inspect: Command): void {
  const command = withSpace(
    verb(
      inspect,
      'concepts',
      'Learn what an encoder’s output is made of, as an encoder of its own, and tell how much of it that explains.',
    ),
  ).option('--list', 'show what was learnt before, without learning', false);
  for (const [name, { title, about, usual, shape }] of Object.entries(conceptSettings)) {
    const option = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const { least, most, isWhole } = (shape as Extract<typeof shape, { kind: 'number' }>).bounds;
    command.option(`--${option} <number>`, `${title.toLowerCase()}: ${about}`, isWhole ? whole(least, most) : between(least, most), usual);
  }
  command.action((options: ConceptOptions) => concepts(options));
}

async function concepts(options: ConceptOptions): Promise<void> {
  await runVerb(options, (session) =>
    withServices(options, session, async (services) => {
      const { latents, active, steps, learningRate, seed } = options;
      const { concepts: learning } = services.inspecting;
      if (options.list) {
        const all = learning.list();
        session.output.result({ concepts: all }, () =>
          all.length === 0 ? 'No concepts were learnt yet.' : all.map(conceptText).join('\n'),
        );
        return;
      }
      const chosen = spaceOf(services, options);
      const wish = { encoderId: chosen.id, latents, active, steps, learningRate, seed };
      const { message, result } = await follow(services, session, learning.learn(wish));
      const { encoderId, loss } = result as { encoderId: number; loss: number };
      const found = learning.list().find((one) => one.encoderId === encoderId);
      session.output.result({ space: spaceName(chosen), loss, ...found }, () =>
        [message, `They are encoder ${encoderId}: \`earmark inspect neurons --encoder ${encoderId}\` tells what each hears.`].join('\n'),
      );
    }),
  );
}

function conceptText({ encoderId, name, latents, dead, explained, segments }: LearntConcepts): string {
  const about = `${countOf(latents, 'concept')} of ${countOf(segments, 'segment')}`;
  return `${encoderId}  ${name}: ${about} explain ${(explained * 100).toFixed(1)} % of the variance; ${dead} are never active.`;
}

type NeuronOptions = CommonOptions & SpaceOptions & { limit: number };

async function neurons(options: NeuronOptions): Promise<void> {
  await runVerb(options, (session) =>
    withServices(options, session, async (services) => {
      const chosen = spaceOf(services, options);
      const found = await services.inspecting.neurons(chosen.id);
      const told = found.neurons.map(({ names, ...neuron }) => {
        const [best] = names;
        const named = { name: best?.name ?? null, kind: best?.kind ?? null, auroc: best?.auroc ?? null };
        return { ...neuron, ...named, low: best?.low ?? null, high: best?.high ?? null };
      });
      const { tracks, segments, tried, isByArtist, falseShare } = found;
      session.output.result({ space: spaceName(chosen), tracks, segments, tried, isByArtist, falseShare, neurons: told }, () => {
        const alive = found.neurons.filter(({ state }) => state === 'alive').sort((a, b) => b.selectivity - a.selectivity);
        const hidden = found.neurons.length - alive.length;
        const rest = hidden === 0 ? '' : `\n${countOf(hidden, 'neuron is', 'neurons are')} left out, which differ on few segments or none.`;
        const heading = `${chosen.name}: ${countOf(found.neurons.length, 'neuron')} over ${countOf(segments, 'segment')}, the most selective first`;
        return `${heading}\n${table(['neuron', 'spread', 'active', 'selective', 'loudness', 'name', 'tells', 'AUROC'], alive.slice(0, options.limit).map(cellsOf))}${rest}`;
      });
    }),
  );
}

function cellsOf({ number, spread, activeShare, selectivity, loudness, note, label, names: [best] }: Neuron): string[] {
  const figures = [spread.toPrecision(3), `${(activeShare * 100).toFixed(1)} %`, selectivity.toFixed(2), loudness?.toFixed(2) ?? '–'];
  const tells =
    best === undefined
      ? ['', '']
      : [`${best.kind} ${best.name}`, `${best.auroc.toFixed(2)} (${best.low.toFixed(2)} to ${best.high.toFixed(2)})`];
  return [`${number}`, ...figures, note || label, ...tells];
}
