/** @file One neuron at checkpoints of the run that its encoder came from: each checkpoint hears the same small sample of segments, cut from their files. */
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError, countOf } from '../../base/index.ts';
import { encoderMetadata, hashWeights, writeSafetensorsFile } from '../../compute/index.ts';
import type { HeardSegment, NeuronDrift, NeuronWish } from '../../contract/index.ts';
import { SegmentTimes } from '../../contract/index.ts';
import { correlationInterval } from '../../inspect/index.ts';
import type { EncoderSettings } from '../../learn/index.ts';
import type { StoredEncoder, StoredRun } from '../../store/index.ts';
import { encoderSettings } from '../encoders/encoder-settings.ts';
import { baseOf } from '../encoders/spaces.ts';
import { runSession } from '../indexing/index-session.ts';
import { embeddingSpace } from '../indexing/space-writers.ts';
import { Gate } from '../jobs/gate.ts';
import { timingOf } from '../listening/listening.ts';
import { segmentRows } from '../listening/segment-rows.ts';
import type { IndexTrack } from '../processes/messages.ts';
import { readCheckpoint } from '../pretraining/checkpoint-encoder.ts';
import type { Tools } from '../tools.ts';
import { cancelled } from './ask-thread.ts';
import type { Follow } from './kept-answers.ts';
import { checkNeuron, inspectedSpace } from './inspected.ts';
import type { Inspected } from './inspected.ts';
import { neuronSegments } from './neuron-segments.ts';
import type { TopPlace } from './top-segments.ts';

/** Checkpoints that are looked at besides the encoder, spread over the run. */
const mostCheckpoints = 7;
const wanted = { top: 10, perTrack: 3, others: 96 } as const;
/** Top segments that are told of a checkpoint. */
const shownTop = 5;
/** Sound behind a cut's end that is decoded too, so that rounding leaves it whole. */
const slackMs = 2;

/** What runs the sample through weights. */
type Weights = { settings: EncoderSettings; path: string; sha256: string };
/** `evenFrom`: those before it are top segments, those from it on are spread evenly. */
type Sample = {
  places: readonly TopPlace[];
  tracks: IndexTrack[];
  evenFrom: number;
  space: Inspected;
};
type Checkpoint = { step: number; values: Float32Array };

/** Follows neurons through runs. */
export class NeuronDrifts {
  readonly #tools: Tools;
  readonly #closed: AbortSignal;

  /** @param closed fires when nobody waits any more */
  constructor(tools: Tools, closed: AbortSignal) {
    this.#tools = tools;
    this.#closed = closed;
  }

  /** @throws AppError NOT_FOUND; BAD_INPUT for an encoder that no run here gave; FILE_GONE where no file of a checkpoint is left; what the device could not do; CANCELLED */
  async drift({ encoderId, number }: NeuronWish, follow: Follow = {}): Promise<NeuronDrift> {
    const { store, events } = this.#tools;
    const signal = AbortSignal.any([follow.signal ?? this.#closed, this.#closed]);
    const space = await inspectedSpace(store, encoderId);
    checkNeuron(space.encoder, space.index.dimensions, number);
    const base = baseOf(store, space.encoder);
    const found = this.#checkpointsOf(base);
    await store.index.prepare(encoderId, { sort: [{ feature: number, descending: true }], search: '' }, () => Promise.resolve());
    const { top, others } = neuronSegments(store, space, number, wanted);
    const sample = this.#sampleOf(space, top, others);
    const total = sample.places.length * (found.steps.length + 1);
    let done = 0;
    const tell = (): void => {
      done++;
      events.emit({
        type: 'inspect.looking',
        looking: { encoderId, about: 'drift', done, total },
      });
      follow.onProgress?.(done, total);
    };
    const options = { number, tell, signal };
    if (signal.aborted) throw cancelled();
    try {
      const now: Checkpoint = {
        step: found.step,
        values: await this.#heard(sample, this.#weightsOf(base), options),
      };
      const then: Checkpoint[] = [];
      for (const step of found.steps)
        then.push({
          step,
          values: await this.#atCheckpoint(sample, { run: found.run, step }, options),
        });
      return this.#told({ encoderId, number }, { ...found, sample, now, then });
    } finally {
      events.emit({ type: 'inspect.looking', looking: null });
    }
  }

  /** The run that an encoder came from, its step, and other steps whose files are there. */
  #checkpointsOf(base: StoredEncoder): {
    run: StoredRun;
    step: number;
    steps: number[];
    gone: number[];
  } {
    const { store } = this.#tools;
    const own = base.run;
    // Its own checkpoint may be gone; its weights are there.
    const run = own === null ? undefined : store.runs.list().find(({ id }) => id === own.id);
    if (run === undefined || own === null)
      throw new AppError(
        'BAD_INPUT',
        `${base.name} did not come from a run of this library, so that there are no earlier checkpoints of it. Choose an encoder that was pre-trained here.`,
      );
    const others = run.checkpoints.map(({ step }) => step).filter((step) => step !== own.step);
    const isThere = (step: number): boolean => existsSync(store.paths.checkpoint(run.id, step));
    const [there, gone] = [others.filter(isThere), others.filter((step) => !isThere(step))];
    if (there.length === 0 && gone.length > 0)
      throw new AppError(
        'FILE_GONE',
        `The files of the other checkpoints of “${run.name}” are gone (${countOf(gone.length, 'checkpoint')}). Restore them into the run’s folder, or choose another encoder.`,
      );
    if (there.length === 0)
      throw new AppError('BAD_INPUT', `“${run.name}” has no other checkpoint than this one. Runs that save more often have more.`);
    return { run, step: own.step, steps: spread(there, mostCheckpoints), gone };
  }

  #sampleOf(space: Inspected, top: readonly TopPlace[], others: readonly TopPlace[]): Sample {
    const { store } = this.#tools;
    const all = [...top, ...others];
    const paths = new Map(store.tracks.whole([...new Set(all.map(({ trackId }) => trackId))]).map(({ id, path }) => [id, path]));
    const times = new SegmentTimes(timingOf(space.encoder, space.index.hopSamples), Infinity);
    const isThere = ({ trackId }: TopPlace): boolean => paths.has(trackId);
    const places = all.filter(isThere);
    // The numbers of the cuts stand in for those of tracks: the process gives them back with what it heard.
    const tracks = places.map(({ trackId, segment }, at): IndexTrack => ({
      trackId: at + 1,
      path: paths.get(trackId) ?? '',
      cut: {
        startMs: times.startOf(segment),
        endMs: times.endOf(segment) + slackMs,
      },
    }));
    return { places, tracks, evenFrom: top.filter(isThere).length, space };
  }

  #weightsOf(base: StoredEncoder): Weights {
    return {
      settings: encoderSettings(base),
      path: this.#tools.store.paths.weights(base.id),
      sha256: base.weightsSha256,
    };
  }

  async #atCheckpoint(sample: Sample, { run, step }: { run: StoredRun; step: number }, options: HeardOptions): Promise<Float32Array> {
    const { settings, weights } = await readCheckpoint(this.#tools, run, step);
    if (options.signal.aborted) throw cancelled();
    const sha256 = hashWeights(weights);
    const path = this.#tools.store.paths.cached('drift', `${sha256.slice(0, 32)}.safetensors`);
    await mkdir(dirname(path), { recursive: true });
    await writeSafetensorsFile(path, weights, encoderMetadata(settings));
    try {
      return await this.#heard(sample, { settings, path, sha256 }, options);
    } finally {
      await rm(path, { force: true });
    }
  }

  /** What the neuron gives on each segment of the sample; NaN where it could not be read. */
  async #heard({ tracks, space }: Sample, { settings, path, sha256 }: Weights, options: HeardOptions): Promise<Float32Array> {
    const { number, signal, tell } = options;
    const values = new Float32Array(tracks.length).fill(Number.NaN);
    const end = await runSession({
      entry: this.#tools.entries.indexProcess,
      open: {
        ...{
          encoder: settings,
          outputs: [space.encoder.space ?? embeddingSpace],
          device: 'auto',
          hopSamples: null,
          decodeThreads: 2,
        },
        ...{
          isFed: false,
          weightsPath: path,
          weightsSha256: sha256,
          mostBatch: 16,
        },
      },
      ...{ tracks, gate: new Gate(), signal, onOpened: () => undefined },
      onTrack: (reply) => {
        if (reply.type === 'rows') values[reply.trackId - 1] = reply.rows[number] ?? Number.NaN;
        else tell();
      },
    });
    if (end.type === 'crashed')
      throw new AppError('DECODER_CRASHED', `The process that hears the sample ${end.how}. Try again, or choose another neuron.`);
    return values;
  }

  #told(wish: NeuronWish, { run, gone, sample, now, then }: Found): NeuronDrift {
    const isRead = (at: number): boolean => [now, ...then].every(({ values }) => Number.isFinite(values[at]));
    const read = [...sample.places.keys()].filter(isRead);
    const even = read.filter((at) => at >= sample.evenFrom);
    const tracks = new Set(even.map((at) => sample.places[at]?.trackId)).size;
    const order = ({ values }: Checkpoint): number[] => [...read].sort((a, b) => (values[b] as number) - (values[a] as number) || a - b);
    const bestNow = new Set(order(now).slice(0, sample.evenFrom));
    const steps = [...then, now]
      .sort((a, b) => a.step - b.step)
      .map((one): NeuronDrift['steps'][number] => {
        const own = order(one);
        const valuesOf = ({ values }: Checkpoint): number[] => even.map((at) => values[at] as number);
        return {
          ...{
            step: one.step,
            isNow: one === now,
            kept: own.slice(0, sample.evenFrom).filter((at) => bestNow.has(at)).length,
          },
          correlation: correlationInterval(valuesOf(one), valuesOf(now), tracks),
          top: this.#rowsAt(sample, own.slice(0, shownTop), one.values),
        };
      });
    return {
      ...wish,
      runId: run.id,
      runName: run.name,
      segments: even.length,
      tracks,
      of: bestNow.size,
      gone,
      steps,
    };
  }

  #rowsAt({ places, space }: Sample, chosen: readonly number[], values: Float32Array): HeardSegment[] {
    const rows = segmentRows(
      this.#tools.store,
      chosen.map((at) => places[at] as TopPlace),
      timingOf(space.encoder, space.index.hopSamples),
    );
    return rows.map((row, place) => ({
      ...row,
      activation: values[chosen[place] as number] as number,
    }));
  }
}

type HeardOptions = { number: number; signal: AbortSignal; tell: () => void };
type Found = {
  run: StoredRun;
  gone: number[];
  sample: Sample;
  now: Checkpoint;
  then: readonly Checkpoint[];
};

/** At most so many, the first and the last among them. */
function spread(steps: readonly number[], most: number): number[] {
  if (steps.length <= most) return [...steps];
  return Array.from({ length: most }, (_, at) => steps[Math.round((at * (steps.length - 1)) / (most - 1))] as number);
}
