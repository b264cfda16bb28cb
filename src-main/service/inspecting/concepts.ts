/** @file Learning concepts of a space: a job, whose end is an encoder that hears them, with an index made from the rows that it was learnt from. */
import { createHash } from 'node:crypto';
import { AppError, countOf, seededRandom } from '../../base/index.ts';
import { embeddingOutput } from '../../contract/index.ts';
import type { ConceptEstimate, EncoderId, LearnConcepts, LearntConcepts } from '../../contract/index.ts';
import { leastSegments, readEncoderWeights } from '../../compute/index.ts';
import { basePrefix, concepts as conceptMath } from '../../learn/index.ts';
import type { ConceptsFound, ConceptsSettings, WeightArray } from '../../learn/index.ts';
import type { StoredEncoder } from '../../store/index.ts';
import { encoderSettings } from '../encoders/encoder-settings.ts';
import { keepEncoder } from '../encoders/keep-encoder.ts';
import { baseOf } from '../encoders/spaces.ts';
import { stoodUpon } from '../encoders/stood-upon.ts';
import { indexSpaces } from '../indexing/index-spaces.ts';
import { Gate } from '../jobs/gate.ts';
import type { JobContext, JobOutcome, StartedJob } from '../jobs/jobs.ts';
import type { FoundConcepts } from '../processes/concept-messages.ts';
import type { Tools } from '../tools.ts';
import { runConceptSession } from './concept-session.ts';
import { conceptRows } from './concept-rows.ts';

/** Steps that an estimate carries out, and those of them that count. */
const [triedSteps, countedSteps] = [14, 10];

/** Learns concepts, and lists those that were learnt. */
export class Concepts {
  readonly #tools: Tools;

  constructor(tools: Tools) {
    this.#tools = tools;
    tools.jobs.define('concepts', (params, context) => this.#run(params as LearnConcepts, context));
  }

  /** Begins. @throws AppError NOT_FOUND without such a space or an index of it, BAD_INPUT for one of which no concepts can be learnt */
  learn(wish: LearnConcepts): StartedJob {
    const space = this.#space(wish.encoderId);
    conceptRows(this.#tools.store, space).close();
    return this.#tools.jobs.start({ kind: 'concepts', title: `Concepts of ${space.name}`, params: wish });
  }

  /**
   * How long learning would take: some steps are carried out on noise of the same shape, and the first of them, in which memory is taken, do not count.
   * @throws AppError as `learn` does; CANCELLED
   */
  async estimate(wish: LearnConcepts, signal: AbortSignal): Promise<ConceptEstimate> {
    const { store, entries } = this.#tools;
    const { encoderId, ...settings } = wish;
    const { dimensions, ...space } = this.#space(encoderId);
    const known = conceptRows(store, { dimensions, ...space });
    known.close();
    const segments = Math.max(leastSegments, Math.min(known.segments, conceptMath.mostBatch));
    const random = seededRandom(1);
    const rows = [Float32Array.from({ length: segments * dimensions }, () => random.normal())];
    const times: number[] = [];
    await runConceptSession({
      entry: entries.conceptsProcess,
      open: {
        ...{ segments, dimensions, settings: { ...settings, steps: triedSteps } },
        statePath: store.paths.cached('concepts', 'estimate.safetensors'),
      },
      next: () => rows.splice(0),
      gate: new Gate(),
      signal,
      onStep: () => times.push(performance.now()),
    });
    const [from = 0, to = 0] = [times[triedSteps - countedSteps - 1], times.at(-1)];
    return { segments: known.segments, seconds: ((to - from) / countedSteps / 1000) * settings.steps };
  }

  /** Those of the library, newest first. */
  list(): LearntConcepts[] {
    const { store } = this.#tools;
    const all = store.encoders.list().filter(({ architecture }) => architecture === 'concepts');
    return all.toReversed().map((one) => {
      const { latents, found } = one.settings as ConceptsSettings;
      const { dead, active, explained, segments } = found;
      return { encoderId: one.id, name: one.name, baseId: stoodUpon(store, one)?.id ?? null, latents, dead, active, explained, segments };
    });
  }

  #space(encoderId: EncoderId): StoredEncoder {
    const { store } = this.#tools;
    const space = store.encoders.get(encoderId);
    if (space.removedAt !== null)
      throw new AppError(
        'NOT_FOUND',
        `${space.name} was taken out of the library. Bring it back under Settings, Encoders, or choose another encoder.`,
      );
    const isTagSet = space.baseEncoderId !== null && space.space === null;
    if (isTagSet || space.architecture === 'onnx' || space.architecture === 'concepts')
      throw new AppError(
        'BAD_INPUT',
        `Concepts cannot be learnt of ${space.name}: choose an encoder that Earmark computes itself, or one of its layers.`,
      );
    return space;
  }

  async #run(wish: LearnConcepts, context: JobContext): Promise<JobOutcome> {
    const tools = this.#tools;
    const { encoderId, ...settings } = wish;
    const space = this.#space(encoderId);
    const rows = conceptRows(tools.store, space);
    let found: FoundConcepts;
    try {
      const report = (done: number, detail: string): void =>
        context.report({ done, total: settings.steps, unit: 'steps', audioSeconds: 0, detail, failed: 0 });
      report(0, 'Reads the index');
      found = await runConceptSession({
        entry: tools.entries.conceptsProcess,
        open: { segments: rows.segments, dimensions: space.dimensions, settings, statePath: this.#statePath(wish) },
        next: () => rows.next(),
        gate: context.gate,
        signal: context.signal,
        onStep: (done, loss) => report(done, `Loss ${loss.toFixed(3)}`),
      });
    } finally {
      rows.close();
    }
    const { latents, active: asked, ...rest } = settings;
    const { explained, active, dead } = found;
    const told = { explained, active, dead, segments: rows.segments, asked, ...rest };
    const encoder = await this.#keep(space, { tensors: found.tensors, latents, told });
    const hopSamples = space.index?.hopSamples ?? null;
    await indexSpaces(tools, context, { encoder, spaces: [encoder], hopSamples, device: 'cpu' });
    tools.events.emit({ type: 'index.changed', encoderId: encoder.id });
    tools.events.emit({ type: 'encoders.changed' });
    const message = `${countOf(latents, 'concept')} of ${countOf(rows.segments, 'segment')} explain ${(explained * 100).toFixed(1)} % of the variance; ${dead} of them are never active.`;
    return { message, result: { encoderId: encoder.id, loss: found.loss } };
  }

  async #keep(space: StoredEncoder, { tensors, latents, told }: Kept): Promise<StoredEncoder> {
    const tools = this.#tools;
    const base = baseOf(tools.store, space);
    const own = encoderSettings(base);
    const weights = await readEncoderWeights(own, { path: tools.store.paths.weights(base.id), sha256: base.weightsSha256 });
    const below = [...weights].map(([name, array]) => [`${basePrefix}${name}`, array] as const);
    const { output, pooling } = space.space ?? { output: embeddingOutput, pooling: 'mean' as const };
    const settings: ConceptsSettings = {
      ...{ architecture: 'concepts', sampleRate: base.sampleRate, base: own, baseWeights: base.weightsSha256, output, pooling, latents },
      found: told,
    };
    const about = { name: `Concepts of ${space.name}`, source: 'trained' as const, origin: `seed ${told.seed}` };
    return keepEncoder(tools, { settings, weights: new Map([...below, ...tensors]), about, isChosen: false });
  }

  /** Where learning stands is kept under what it was asked to do. */
  #statePath(wish: LearnConcepts): string {
    const name = createHash('sha256').update(JSON.stringify(wish)).digest('hex').slice(0, 16);
    return this.#tools.store.paths.cached('concepts', `${name}.safetensors`);
  }
}

type Kept = { tensors: ReadonlyMap<string, WeightArray>; latents: number; told: ConceptsFound };
