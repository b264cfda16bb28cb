/** @file `import weights`, `encoders`, `index`, `devices`. */
import { resolve } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { countOf } from '../../../base/index.ts';
import { tagSetNames } from '../../../datasets/index.ts';
import type { TagSetName } from '../../../datasets/index.ts';
import { listDevices } from '../../../compute/index.ts';
import {
  architectureSchema,
  embeddingOutput,
  encoderSampleRates,
  featureName,
  largeIndexBytes,
  patchKinds,
  timbreStatistics,
} from '../../../contract/index.ts';
import type { Architecture, Encoder, EncoderId, PatchWish } from '../../../contract/index.ts';
import { describeRepair } from '../../../service/index.ts';
import type { IndexResult } from '../../../service/index.ts';
import type { SpaceOutput, StoredEncoder } from '../../../store/index.ts';
import { duration, table } from '../output.ts';
import { follow, orBadUsage, runVerb, withServices } from '../session.ts';
import type { CommonOptions } from '../session.ts';
import { called, count, hop, seed, verb } from '../verb.ts';
import { addOnnxOptions, onnxWishOf, summaryText } from './onnx-options.ts';
import type { OnnxOptions } from './onnx-options.ts';
import { encoderText } from './encoder-text.ts';
import { addPublishedVerb } from './published.ts';
import { outputMeans, spaceOutputs } from './space-option.ts';

/** Adds the verbs that deal with encoders. */
export function addEncoderVerbs(program: Command): void {
  const importing = program.command('import').description('Bring something into Earmark.');
  const weights = verb(
    importing,
    'weights <file>',
    'Import an encoder: a PyTorch Lightning checkpoint, a plain PyTorch state dict, safetensors, a zip of these, the folder of a data2vec model (Music2Vec), or an ONNX file.',
  )
    .option('--name <name>', 'what to call it (default: the file’s name)', called)
    .option('--head <file>', 'a head of one or two linear layers that was trained on it, where that is a file of its own')
    .option('--tags <file>', 'what the outputs of its head are called: a file with one name a line or a JSON list, or magnatagatune or msd')
    .addOption(
      new Option('--patches <kind>', 'the patches of a Myna checkpoint with one kind of them, which its file does not tell').choices(
        patchKinds,
      ),
    )
    .addOption(new Option('--labels <set>', 'the earlier name of --tags').hideHelp())
    .action(async (file: string, options: ImportOptions) => importWeights(file, options));
  addOnnxOptions(weights);
  addPublishedVerb(importing);
  const encoders = verb(program, 'encoders', 'List the encoders.').action(async (options: CommonOptions) => listEncoders(options));
  verb(
    encoders,
    'show [id]',
    'Show an encoder (default: the chosen one) and its outputs: what can be indexed, its embedding and its layers.',
  ).action(async (id: string | undefined, _options: unknown, command: Command) =>
    showEncoder(numberOf(command, id), command.optsWithGlobals()),
  );
  addCreateVerb(encoders);
  verb(program, 'index', 'Encode every track that is new or changed; goes on where it was interrupted.')
    .option('-e, --encoder <id>', 'the encoder (default: the chosen one)', count)
    .option(
      '--output <layer>',
      `${outputMeans}; may be given several times, all are encoded in one pass (default: the chosen one, and all that are indexed)`,
      spaceOutputs,
    )
    .option('--hop <samples>', 'samples from one segment’s start to the next’s (default: the segment’s length)', hop)
    .option('--device <id>', 'where to run: `auto`, or an id that `earmark devices` lists')
    .option('--repair', 'look through the index first: mend its files, and encode again only the tracks that are lost', false)
    .option('--retry', 'also try tracks again that could not be indexed', false)
    .action(async (options: IndexOptions) => index(options));
  verb(program, 'devices', 'List the devices that can run encoders.').action(async (options: CommonOptions) => devices(options));
}

function addCreateVerb(encoders: Command): void {
  verb(
    encoders,
    'create',
    `Make an untrained encoder: its weights are drawn from a seed, and what its neurons hear is chance. Or, with --architecture ${timbreStatistics}, bring back the encoder that every library begins with.`,
  )
    .option('--architecture <name>', `${[...architectureSchema.options, timbreStatistics].join(' or ')}`, architecture, 'sample-cnn')
    .option('--rate <hertz>', `sample rate: ${encoderSampleRates.join(', ')}`, sampleRate, 22050)
    .option('--seed <number>', 'seed of the weights', seed, 1)
    .option('--name <name>', 'what to call it', called)
    .action(async (_options: unknown, command: Command) => createEncoder(command.optsWithGlobals()));
}

type IndexOptions = CommonOptions & {
  encoder?: number;
  output?: SpaceOutput[];
  hop?: number;
  device?: string;
  retry: boolean;
  repair: boolean;
};
type ImportOptions = CommonOptions & OnnxOptions & { name?: string; head?: string; tags?: string; labels?: string; patches?: PatchWish };
type Creatable = Architecture | typeof timbreStatistics;
type CreateOptions = CommonOptions & { architecture: Creatable; rate: (typeof encoderSampleRates)[number]; seed: number; name?: string };

function architecture(text: string): Creatable {
  if (text === timbreStatistics) return text;
  const known = architectureSchema.safeParse(text);
  if (!known.success) throw new InvalidArgumentError(`It must be one of ${[...architectureSchema.options, timbreStatistics].join(', ')}.`);
  return known.data;
}

function sampleRate(text: string): number {
  const rate = encoderSampleRates.find((known) => String(known) === text);
  if (rate === undefined) throw new InvalidArgumentError(`It must be one of ${encoderSampleRates.join(', ')}.`);
  return rate;
}

async function importWeights(file: string, options: ImportOptions): Promise<void> {
  const onnx = orBadUsage(options, () => onnxWishOf(options));
  if (onnx === undefined) return;
  await runVerb(options, (session) =>
    withServices(options, session, async ({ encoders }) => {
      if (options.inspect === true) {
        const summary = await encoders.inspectOnnx(resolve(file), session.interrupted);
        return session.output.result(summary, () => summaryText(summary));
      }
      const headPath = options.head === undefined ? undefined : resolve(options.head);
      const wish = {
        name: options.name,
        headPath,
        ...tagsOf(options.tags ?? options.labels),
        onnx,
        patches: options.patches,
        signal: session.interrupted,
      };
      const { remarks, ...encoder } = await encoders.importWeights(resolve(file), wish);
      const { tagSet } = encoder;
      const tags = tagSet === null ? '' : ` Its head gives numbers to ${countOf(tagSet.labels.length, 'tag')} (${tagSet.name}).`;
      session.output.result({ encoder, remarks }, () => [`${encoderText(encoder)}${tags}`, ...remarks].join('\n'));
    }),
  );
}

/** A published set by its name, else a file. */
function tagsOf(text: string | undefined): { labels?: TagSetName; tagsPath?: string } {
  const known = tagSetNames.find((name) => name === text);
  if (known !== undefined) return { labels: known };
  return text === undefined ? {} : { tagsPath: resolve(text) };
}

async function createEncoder(options: CreateOptions): Promise<void> {
  await runVerb(options, (session) =>
    withServices(options, session, async ({ encoders }) => {
      const { architecture: family, rate: sampleRate, seed: drawnFrom, name } = options;
      const encoder =
        family === timbreStatistics
          ? encoders.bringBuiltIn()
          : await encoders.createUntrained({ architecture: family, sampleRate, seed: drawnFrom, name });
      session.output.result({ encoder }, () => encoderText(encoder));
    }),
  );
}

async function listEncoders(options: CommonOptions): Promise<void> {
  await runVerb(options, (session) =>
    withServices(options, session, async ({ handlers, store }) => {
      const encoders = await handlers.encoders.list(undefined, session.interrupted);
      const chosen = store.settings.get().encoderId;
      session.output.result({ encoders, chosen }, () => {
        if (encoders.length === 0)
          return `No encoder any more. Bring timbre statistics back (\`earmark encoders create --architecture ${timbreStatistics}\`) or import weights (\`earmark import weights FILE\`).`;
        const row = (id: EncoderId, name: string, { source, sampleRate }: Encoder, { dimensions, index }: Counted) => [
          ...[id === chosen ? '*' : '', id, name, source, sampleRate, dimensions, index?.segments ?? 0, index?.waiting ?? ''],
        ];
        const cells = encoders.flatMap((encoder) => [
          row(encoder.id, encoder.name, encoder, encoder),
          ...encoder.spaces.map((space) => row(space.encoderId, `  ${space.title}`, encoder, space)),
        ]);
        return table(['', 'id', 'name', 'source', 'rate', 'neurons', 'segments', 'waiting'], cells);
      });
    }),
  );
}

type Counted = Pick<Encoder, 'dimensions' | 'index'>;

/** How an output is indexed: `mean: 1 204 segments`. */
function indexedText(encoder: StoredEncoder, output: string): string {
  const own =
    output === embeddingOutput ? [{ pooling: '', index: encoder.index }] : encoder.spaces.filter((space) => space.output === output);
  const texts = own.flatMap(({ pooling, index }) =>
    index === null ? [] : `${pooling}${pooling === '' ? '' : ': '}${countOf(index.segments, 'segment')}`,
  );
  return texts.join(', ');
}

/** Reads the number of an encoder; what is none ends the program with its usage. */
function numberOf(command: Command, text: string | undefined): EncoderId | null {
  try {
    return text === undefined ? null : (count(text) as EncoderId);
  } catch (error) {
    return command.error(`error: ${text} is not an encoder. ${error instanceof Error ? error.message : ''}`);
  }
}

/** What its features are called, where they have names by themselves. */
function namesOf({ architecture: family, dimensions }: StoredEncoder): string[] {
  return Array.from({ length: dimensions }, (_, feature) => featureName(family, feature)).filter((name) => name !== '');
}

async function showEncoder(wanted: EncoderId | null, options: CommonOptions): Promise<void> {
  await runVerb(options, (session) =>
    withServices(options, session, async ({ encoders }) => {
      const encoder = encoders.baseOf(encoders.resolve(wanted));
      const outputs = encoders.outputs(encoder.id);
      const features = namesOf(encoder);
      session.output.result({ encoder, outputs, ...(features.length > 0 ? { features } : {}) }, () => {
        const named = features.length === 0 ? '' : `\n${table(['feature', 'what it is'], [...features.entries()])}`;
        const cells = outputs.map(({ name, title, dimensions }) => [name, title, dimensions, indexedText(encoder, name)]);
        return `${encoderText(encoder)}\n${table(['output', 'what it is', 'neurons', 'indexed'], cells)}${named}`;
      });
    }),
  );
}

async function index(options: IndexOptions): Promise<void> {
  await runVerb(options, (session) =>
    withServices(options, session, async (services) => {
      const encoder = services.encoders.resolve((options.encoder ?? null) as EncoderId | null);
      if (options.retry) services.library.forgetIndexFailures();
      const { output: outputs, hop: hopSamples, device, repair } = options;
      const wish = { encoderId: encoder.id, outputs, hopSamples, device, repair };
      const bytes = services.encoders.indexBytes(wish);
      if (bytes >= largeIndexBytes)
        session.output.say(
          `This takes about ${(bytes / 1e9).toFixed(1)} GB in ${services.store.paths.root}. A larger hop or fewer outputs take less.`,
        );
      const { result } = await follow(services, session, services.encoders.index(wish));
      session.output.result(result, () => indexText(result as IndexResult));
    }),
  );
}

function indexText(result: IndexResult): string {
  const { tracks, segments, seconds, audioSeconds, device, busyShare } = result;
  const speed = seconds > 0 ? (audioSeconds / seconds).toFixed(0) : '–';
  const lines = [
    `${countOf(tracks, 'track')} indexed: ${countOf(segments, 'segment')} × ${countOf(result.features, 'feature')} in ${duration(seconds)} on ${device} (${speed} × real time, device busy ${(busyShare * 100).toFixed(0)} %).`,
  ];
  if (result.repaired !== undefined) lines.unshift(describeRepair(result.repaired));
  if (result.failed.length > 0)
    lines.push(`${result.failed.length} could not be indexed:`, ...result.failed.map(({ message }) => `  ${message}`));
  return lines.join('\n');
}

async function devices(options: CommonOptions): Promise<void> {
  await runVerb(options, async (session) => {
    const list = await listDevices();
    const cells = list.map((device) => [device.id, device.available ? 'yes' : 'no', device.name, device.reason]);
    session.output.result({ devices: list }, () => table(['id', 'usable', 'name', 'why'], cells));
  });
}
