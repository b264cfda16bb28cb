/** @file `inspect`: what an encoder learned, as documents. */
import type { Command } from 'commander';
import { countOf } from '../../../base/index.ts';
import { embeddingOutput } from '../../../contract/index.ts';
import type { Neuron } from '../../../contract/index.ts';
import type { StoredEncoder } from '../../../store/index.ts';
import { table } from '../output.ts';
import { runVerb, withServices } from '../session.ts';
import type { CommonOptions } from '../session.ts';
import { count, verb } from '../verb.ts';
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
}

type NeuronOptions = CommonOptions & SpaceOptions & { limit: number };

/** How documents name a space. */
function spaceName({ space, baseEncoderId, id }: StoredEncoder): { encoder: number; output: string; pooling?: string } {
  return space === null ? { encoder: baseEncoderId ?? id, output: embeddingOutput } : { encoder: baseEncoderId ?? id, ...space };
}

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
      const { tracks, segments, tried, isByArtist } = found;
      session.output.result({ space: spaceName(chosen), tracks, segments, tried, isByArtist, neurons: told }, () => {
        const alive = found.neurons.filter(({ state }) => state === 'alive').sort((a, b) => b.selectivity - a.selectivity);
        const hidden = found.neurons.length - alive.length;
        const rest = hidden === 0 ? '' : `\n${countOf(hidden, 'neuron is', 'neurons are')} left out, which hardly differ between segments.`;
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
