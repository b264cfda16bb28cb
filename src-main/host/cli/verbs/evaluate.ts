/** @file `probe` and `evaluate`: what encoders know of a labelled data set, by published protocols. */
import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { countOf, formatCount } from '../../../base/index.ts';
import {
  contestantName as nameOf,
  figureShortTitles as figureTitles,
  layerUses,
  ownTags,
  probeHeads,
  protocolNames,
  protocols,
} from '../../../contract/index.ts';
import type { Difference, EncoderId, Evaluation, EvaluationWish, LayerUse, ProbeHead, ProtocolName } from '../../../contract/index.ts';
import { datasets } from '../../../datasets/index.ts';
import type { Services } from '../../../service/index.ts';
import type { SpaceOutput } from '../../../store/index.ts';
import { table } from '../output.ts';
import { follow, runVerb, withServices } from '../session.ts';
import type { CommonOptions, Session } from '../session.ts';
import { choice, count, seed, verb } from '../verb.ts';
import { writeEvaluateFiles } from './evaluate-files.ts';
import type { EvaluateFiles } from './evaluate-files.ts';
import { outputMeans, spaceOutputs } from './space-option.ts';
import { supervisedOf, withSupervised } from './supervised-options.ts';
import type { SupervisedOptions } from './supervised-options.ts';

type Options = CommonOptions &
  EvaluateFiles &
  SupervisedOptions & {
    as?: string;
    task?: string;
    split?: string;
    protocol: ProtocolName;
    head?: ProbeHead;
    encoder?: number[];
    output?: SpaceOutput[];
    layers: LayerUse;
    seed?: number[];
    percent: number;
    ownTags?: boolean;
  };

/** Adds both verbs. */
export function addEvaluateVerbs(program: Command): void {
  shared(verb(program, 'probe <folder>', 'Train a probe on what an encoder makes of a labelled data set, by a published protocol.')).action(
    (folder: string, options: Options) => evaluate(folder, options, false),
  );
  files(
    shared(
      verb(
        program,
        'evaluate [folder]',
        'Probe encoders, their untrained twins and plain statistics on a labelled data set, with intervals and differences; without a folder, list what was evaluated.',
      ),
    ),
  ).action((folder: string | undefined, options: Options) =>
    folder === undefined && !options.ownTags ? list(options) : evaluate(folder ?? ownTags.folder, options, true),
  );
}

function withDataset(command: Command): Command {
  return command
    .option('--as <name>', 'which data set it is; else what it looks like', choice(datasets.map(({ name }) => name)))
    .option('--task <name>', 'one of the data set’s tasks; else its first')
    .option('--split <name>', 'one of the data set’s splits; else its first');
}

function withEncoders(command: Command): Command {
  return command
    .option('-e, --encoder <id>', 'an encoder; may be given several times (default: the chosen one)', (text, before: number[] = []) => [
      ...before,
      count(text),
    ])
    .option('--output <layer>', `${outputMeans}; may be given several times (default: the embedding)`, spaceOutputs)
    .option(
      '--layers <which>',
      'one, every (the best on what is validated is judged) or sum (weights are learnt); MARBLE’s protocols know all',
      choice(layerUses),
      'one',
    );
}

function shared(command: Command): Command {
  const means = protocolNames.map((name) => `${name} (${protocols[name].title})`).join(', ');
  return withEncoders(withDataset(command))
    .option('--protocol <name>', means, choice(protocolNames), 'clmr')
    .option('--head <name>', 'linear, or mlp with a hidden layer; else the protocol’s first', choice(probeHeads))
    .option('--seed <number>', 'of weights and order; may be given several times', (text, before: number[] = []) => [...before, seed(text)])
    .option('--percent <number>', 'share of the labels that is learnt from', percent, 100);
}

function files(command: Command): Command {
  return withSupervised(command)
    .option('--own-tags', 'instead of a folder: the tracks of the library that carry your tags, in folds that part no artist', false)
    .option('--report <file>', 'also write a page with tables, protocols, data and figures, as one HTML file')
    .option('--results <file>', 'also write results.json, for a model card; docs/results-json.md tells what is in it')
    .option('--figures <folder>', 'also write every figure, as SVG and CSV');
}

/** Adds `datasets index`: a data set is heard before it is evaluated on. */
export function addIndexVerb(datasetVerbs: Command): void {
  withEncoders(
    withDataset(verb(datasetVerbs, 'index <folder>', 'Have encoders hear a data set, so that evaluations that follow find it indexed.')),
  )
    .option('--baselines', 'also untrained twins, timbre statistics and, for musical keys, chroma', false)
    .action((folder: string, _: IndexOptions, command: Command) => index(folder, command.optsWithGlobals<IndexOptions>()));
}

type IndexOptions = Pick<Options, 'as' | 'task' | 'split' | 'encoder' | 'output' | 'layers'> & CommonOptions & { baselines: boolean };
type Indexed = {
  dataset: string;
  folder: string;
  indexed: { name: string; clips: number; missing: number; segments: number; dimensions: number }[];
};

async function index(folder: string, options: IndexOptions): Promise<void> {
  await runVerb(options, (session) =>
    withServices(options, session, async (services) => {
      const { baselines, layers } = options;
      const job = await services.evaluating.start({
        ...{ folder, dataset: options.as ?? null, task: options.task ?? null, split: options.split ?? null, baselines, layers },
        // The only protocol that is asked for every use of layers; nothing is probed by it.
        ...{ protocol: 'marble', indexOnly: true, encoders: encodersOf(services, options) },
      });
      const { message, result } = await follow(services, session, job);
      const found = result as Indexed;
      session.output.result(found, () =>
        [
          table(
            ['output', 'clips', 'not heard', 'segments', 'numbers each'],
            found.indexed.map((one) => [one.name, one.clips, one.missing, one.segments, one.dimensions]),
          ),
          message,
        ].join('\n'),
      );
    }),
  );
}

/** Encoders, each with the outputs that are wanted of it. */
function encodersOf(services: Services, { encoder, output }: Pick<Options, 'encoder' | 'output'>): EvaluationWish['encoders'] {
  const ids = (encoder ?? [services.encoders.resolve(null).id]) as EncoderId[];
  return ids.flatMap((encoderId) =>
    (output ?? [null]).map((one) => (one === null ? { encoderId } : { encoderId, output: one.output, pooling: one.pooling })),
  );
}

function percent(text: string): number {
  const number = text.trim() === '' ? Number.NaN : Number(text);
  if (!(number > 0 && number <= 100)) throw new InvalidArgumentError('It must be a number above 0, and 100 at most.');
  return number;
}

async function evaluate(folder: string, options: Options, baselines: boolean): Promise<void> {
  await runVerb(options, (session) =>
    withServices(options, session, async (services) => {
      const job = await services.evaluating.start({
        ...{ folder, dataset: options.ownTags === true ? ownTags.name : (options.as ?? null) },
        ...{ task: options.task ?? null, split: options.split ?? null },
        ...{ protocol: options.protocol, head: options.head ?? null, baselines, seeds: options.seed ?? [1], percent: options.percent },
        layers: options.layers,
        supervised: supervisedOf(options),
        encoders: encodersOf(services, options),
      });
      const { result } = await follow(services, session, job);
      const { evaluationIds, unheard } = result as { evaluationIds: number[]; unheard: string[] };
      const all = new Map<number, Evaluation>(services.evaluating.list().map((one) => [one.id, one]));
      const found = evaluationIds.flatMap((id) => all.get(id) ?? []);
      await tell(services, session, { found, unheard });
      await write(services, session, { found, options });
    }),
  );
}

async function write(
  services: Services,
  session: Session,
  { found, options }: { found: readonly Evaluation[]; options: Options },
): Promise<void> {
  const all = services.evaluating.list();
  const lines = await writeEvaluateFiles(services, session, { found, all, files: options });
  for (const line of lines) session.output.say(line);
}

/** Documents as the design has them; a table with intervals, and what is better than the coefficients beyond chance. */
async function tell(
  services: Services,
  session: Session,
  { found, unheard }: { found: readonly Evaluation[]; unheard: readonly string[] },
): Promise<void> {
  const against = found.find(({ contestant }) => contestant.kind === 'cepstra');
  const ids = found.map(({ id }) => id);
  const differences = against === undefined ? [] : await services.evaluating.compare({ ids, against: against.id }, session.interrupted);
  const documents = found.map((one) =>
    documentOf(
      one,
      differences.find(({ id }) => id === one.id),
    ),
  );
  const [only] = documents;
  const document = documents.length === 1 && only !== undefined ? only : { evaluations: documents };
  session.output.result(unheard.length === 0 ? document : { ...document, unheard }, () =>
    [textOf(found, differences), ...unheard].join('\n'),
  );
}

function documentOf({ figures, labels, ...evaluation }: Evaluation, difference: Difference | undefined): Record<string, unknown> {
  const { contestant, dataset, task, split, protocol, ...rest } = evaluation;
  return {
    ...{ dataset, task, split, encoder: contestant, protocol, ...rest },
    metrics: Object.fromEntries(figures.map(({ name, value }) => [name, value])),
    intervals: Object.fromEntries(figures.map(({ name, low, high }) => [name, low === null || high === null ? null : [low, high]])),
    seedValues: Object.fromEntries(figures.map(({ name, each }) => [name, each])),
    ...{ labels, againstCepstra: difference ?? null },
  };
}

function textOf(found: readonly Evaluation[], differences: readonly Difference[]): string {
  const [first] = found;
  if (first === undefined) return 'Nothing was evaluated.';
  const { train, validation, test } = first.counts;
  const share = first.percent === 100 ? '' : `, ${first.percent} % of the labels`;
  const heading = `${first.datasetTitle}, ${first.taskTitle}, split ${first.split}: ${formatCount(train)} clips to learn from${share}, ${formatCount(validation)} to validate, ${formatCount(test)} to test`;
  const how = `${protocols[first.protocol].title}, ${first.head} head, ${countOf(first.seeds.length, 'seed')}; 95 % intervals over what the data set keeps together`;
  const names = first.figures.map(({ name }) => name);
  const rows = found.map((one) => [nameOf(one), ...one.figures.map(figureText), differenceText(one, differences)]);
  const notes = [...new Set(found.flatMap((one) => one.notes))];
  const lost = first.leftOut === 0 ? [] : [`${countOf(first.leftOut, 'clip')} could not be used; \`earmark datasets check\` lists them.`];
  const isAny = found.some(({ contestant }) => contestant.kind === 'cepstra');
  const headings = ['', ...names.map((name) => figureTitles[name]), isAny ? 'less the coefficients' : ''];
  return [heading, how, table(headings, rows), ...verdicts(found, differences), ...found.flatMap(layerLines), ...lost, ...notes].join('\n');
}

const shown = (value: number): string => (value * 100).toFixed(1);

function figureText({ value, low, high }: Evaluation['figures'][number]): string {
  return low === null || high === null ? `${shown(value)} (too few to tell)` : `${shown(value)} (${shown(low)} to ${shown(high)})`;
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${shown(Math.abs(value))}`;
}

function differenceText({ id }: Evaluation, differences: readonly Difference[]): string {
  const own = differences.find((one) => one.id === id)?.difference;
  if (own === undefined) return '';
  return own.low === null || own.high === null ? signed(own.value) : `${signed(own.value)} (${signed(own.low)} to ${signed(own.high)})`;
}

/** What every layer reached, or how much each counts. */
function layerLines(one: Evaluation): string[] {
  if (one.layers === null) return [];
  const { use, each } = one.layers;
  const values = each.map(({ output, validated, share }) => {
    const value = use === 'sum' ? share : validated;
    return `${output} ${value === null ? '–' : shown(value)}`;
  });
  return [`${one.contestant.name}, ${use === 'sum' ? 'how much layers count' : 'layers on what is validated'}: ${values.join(', ')}`];
}

/** Says of each encoder whether it is better than statistics that learnt nothing. */
function verdicts(found: readonly Evaluation[], differences: readonly Difference[]): string[] {
  return found.flatMap((one) => {
    const own = differences.find(({ id }) => id === one.id);
    if (own === undefined || one.contestant.kind !== 'encoder') return [];
    const is =
      own.isBeyondChance !== true ? 'is not clearly different from' : own.difference.value > 0 ? 'is better than' : 'is worse than';
    return [`${nameOf(one)} ${is} the 20 mel cepstral coefficients here.`];
  });
}

async function list(options: Options): Promise<void> {
  await runVerb(options, (session) =>
    withServices(options, session, async (services) => {
      const all = services.evaluating.list();
      session.output.result({ evaluations: all.map((one) => documentOf(one, undefined)) }, () =>
        all.length === 0
          ? 'Nothing was evaluated yet. `earmark evaluate FOLDER` begins.'
          : table(
              ['', 'data set', 'task', 'contestant', 'protocol', 'figure'],
              all.map((one) => [one.id, one.datasetTitle, one.taskTitle, nameOf(one), one.protocol, bestText(one)]),
            ),
      );
      await write(services, session, { found: all, options });
    }),
  );
}

function bestText({ figures: [first] }: Evaluation): string {
  return first === undefined ? '' : `${figureTitles[first.name]} ${figureText(first)}`;
}
