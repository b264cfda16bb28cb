/** @file The encoders of the library. Taking one out only marks it; its index and notes stay. */
import { AppError, defined } from '../base/index.ts';
import { timbreStatistics } from '../contract/index.ts';
import type { Encoder, EncoderId, FeatureSpace, IndexInfo, Pooling, pretraining } from '../contract/index.ts';
import type { Connection } from './connection.ts';
import type { Revisions } from './revisions.ts';
import { change, rows, values } from './statement.ts';
import { inOneStep, inSteps } from './steps.ts';
import type { Pause } from './steps.ts';
import { highestId, tracksOfStep } from './track-ranks.ts';

/** An encoder to add. */
export type NewEncoder = {
  name: string;
  architecture: string;
  /** The architecture's resolved settings, as JSON can hold them. */
  settings: unknown;
  /** Hz */
  sampleRate: number;
  /** Samples of one segment. */
  cropSamples: number;
  /** Features. */
  dimensions: number;
  source: Encoder['source'];
  /** The file it came from, or `seed 1`. */
  origin: string;
  weightsSha256: string;
  /** Set for a tag set or a feature space: the encoder whose head or output it is. */
  baseEncoderId?: EncoderId | null;
  /** Set for a feature space; its name is then what the output is called. */
  space?: SpaceOutput | null;
};

/** Which output of an encoder, and how it is pooled over time. */
export type SpaceOutput = { output: string; pooling: Pooling };

/** An encoder with what only the core needs to know; or a feature space that stands in an encoder's place, its name with that of its encoder before. */
export type StoredEncoder = Encoder & {
  settings: unknown;
  weightsSha256: string;
  removedAt: number | null;
  baseEncoderId: EncoderId | null;
  /** Null for an encoder, whose space is its embedding, and for a tag set. */
  space: SpaceOutput | null;
};

type EncoderRow = Omit<StoredEncoder, 'index' | 'settings' | 'tagSet' | 'spaces' | 'space' | 'run'> & {
  settings: string;
  runId: pretraining.RunId | null;
  runStep: number | null;
  output: string | null;
  pooling: Pooling | null;
};
type SpaceRow = Omit<FeatureSpace, 'index'>;

/** What `settings` of a tag set hold. */
export type TagSetSettings = { labels: string[] };

const baseSql = (column: string): string => `(SELECT base.${column} FROM encoders base WHERE base.id = encoders.base_encoder_id)`;

/** A space bears the name of its encoder before its own, and goes with it. */
const columns = `id, CASE WHEN output IS NULL THEN name ELSE ${baseSql('name')} || ' · ' || name END AS name, architecture, settings,
  sample_rate AS sampleRate, crop_samples AS cropSamples, dimensions,
  CASE architecture WHEN '${timbreStatistics}' THEN 'built-in' ELSE source END AS source, origin, weights_sha256 AS weightsSha256, created_at AS createdAt,
  CASE WHEN output IS NULL THEN removed_at ELSE coalesce(removed_at, ${baseSql('removed_at')}) END AS removedAt,
  base_encoder_id AS baseEncoderId, output, pooling, run_id AS runId, run_step AS runStep`;

const presentSql = 'missing_since IS NULL AND +folder_id IN (SELECT id FROM folders WHERE removed_at IS NULL)';

/**
 * Counts over tracks that can be shown (present, in a folder that was not removed, with the audio that was indexed), of those whose numbers lie in a
 * range. Those that wait are the rest of the present tracks, failed ones apart; counting them so is several times faster than looking for each.
 */
export const indexSql = `SELECT total(it.outcome <> 'failed') AS tracks, total(it.segments) AS segments,
  (SELECT count(*) FROM tracks INDEXED BY tracks_in_short WHERE id > $first AND id <= $last AND ${presentSql}) - count(it.track_id) AS waiting
  FROM index_tracks it CROSS JOIN tracks t INDEXED BY tracks_in_short ON t.id = it.track_id AND t.missing_since IS NULL
    AND +t.folder_id IN (SELECT id FROM folders WHERE removed_at IS NULL) AND t.audio_hash = it.audio_hash
  WHERE it.index_id = $index AND it.track_id > $first AND it.track_id <= $last`;

/** Reads and changes the table of encoders. */
export class Encoders {
  readonly #connection: Connection;
  readonly #revisions: Revisions;
  readonly #infos = new Map<EncoderId, { made: string; info: IndexInfo | null }>();

  constructor(connection: Connection, revisions: Revisions) {
    this.#connection = connection;
    this.#revisions = revisions;
  }

  /** Adds an encoder; its weights belong at `paths.weights(id)`. */
  add(encoder: NewEncoder): StoredEncoder {
    const sql = `INSERT INTO encoders (name, architecture, settings, sample_rate, crop_samples, dimensions, source, origin, weights_sha256, created_at,
      base_encoder_id, output, pooling) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`;
    const id = values<(string | number | null)[], EncoderId>(this.#connection, sql).get(
      ...[encoder.name, encoder.architecture, JSON.stringify(encoder.settings), encoder.sampleRate, encoder.cropSamples],
      // Of what is built in the family tells it; the column takes the first three sources alone.
      ...[
        encoder.dimensions,
        encoder.source === 'built-in' ? 'imported' : encoder.source,
        encoder.origin,
        encoder.weightsSha256,
        Date.now(),
        encoder.baseEncoderId ?? null,
      ],
      ...[encoder.space?.output ?? null, encoder.space?.pooling ?? null],
    );
    return this.get(defined(id, 'the added encoder'));
  }

  /** Encoders by age, without tag sets and feature spaces of their own; with `includeRemoved` also those taken out. */
  list(options: { includeRemoved?: boolean } = {}): StoredEncoder[] {
    const where = options.includeRemoved === true ? '' : 'AND removed_at IS NULL';
    return rows<[], EncoderRow>(this.#connection, `SELECT ${columns} FROM encoders WHERE base_encoder_id IS NULL ${where} ORDER BY id`)
      .all()
      .map((row) => this.#complete(row));
  }

  /** Encoders by age, each with the feature spaces behind it that are indexed beside its embedding; with `includeRemoved` also what was taken out. */
  listWithSpaces(options: { includeRemoved?: boolean } = {}): StoredEncoder[] {
    return this.list(options).flatMap((encoder) => [encoder, ...this.spacesOf(encoder.id, options)]);
  }

  /** The feature spaces of an encoder, oldest first; with `includeRemoved` also those taken out. */
  spacesOf(id: EncoderId, { includeRemoved = false }: { includeRemoved?: boolean } = {}): StoredEncoder[] {
    const where = includeRemoved ? '' : 'AND removed_at IS NULL';
    const sql = `SELECT ${columns} FROM encoders WHERE base_encoder_id = ? AND output IS NOT NULL ${where} ORDER BY id`;
    return rows<[number], EncoderRow>(this.#connection, sql)
      .all(id)
      .map((row) => this.#complete(row));
  }

  /** The feature space of an encoder's output, which is made where there is none, and brought back where it was removed. */
  ensureSpace(base: StoredEncoder, { space, title, dimensions }: { space: SpaceOutput; title: string; dimensions: number }): StoredEncoder {
    const same = ({ space: known }: StoredEncoder): boolean => known?.output === space.output && known.pooling === space.pooling;
    const known = this.spacesOf(base.id, { includeRemoved: true }).find(same);
    if (known !== undefined) {
      this.restore(known.id);
      return this.get(known.id);
    }
    const { architecture, settings, sampleRate, cropSamples, source, origin, weightsSha256 } = base;
    return this.add({
      ...{
        name: title,
        architecture,
        settings,
        sampleRate,
        cropSamples,
        dimensions,
        source,
        origin,
        weightsSha256,
      },
      ...{ baseEncoderId: base.id, space },
    });
  }

  /** Counts what the indexes of all encoders hold, in steps, so that nothing is held up by who asks next; `pause` is waited for between two. */
  async prepare(pause: Pause): Promise<void> {
    const all = values<[], EncoderId>(this.#connection, 'SELECT id FROM encoders WHERE removed_at IS NULL').all();
    for (const id of all) await inSteps(this.#counting(id), pause);
  }

  /** One encoder, removed or not. @throws AppError `NOT_FOUND` */
  get(id: EncoderId): StoredEncoder {
    const row = rows<[number], EncoderRow>(this.#connection, `SELECT ${columns} FROM encoders WHERE id = ?`).get(id);
    if (row === undefined) throw unknownEncoder(id);
    return this.#complete(row);
  }

  /** Encoders with these weights, removed ones last: several where the same weights hear sound at other rates, or otherwise. */
  withWeights(weightsSha256: string): StoredEncoder[] {
    const sql = `SELECT ${columns} FROM encoders WHERE weights_sha256 = ? AND base_encoder_id IS NULL ORDER BY removed_at IS NOT NULL, id`;
    return rows<[string], EncoderRow>(this.#connection, sql)
      .all(weightsSha256)
      .map((row) => this.#complete(row));
  }

  /** The tag set of an encoder whose head came with it; null without one. */
  tagSetOf(id: EncoderId): StoredEncoder | null {
    const row = rows<[number], EncoderRow>(
      this.#connection,
      `SELECT ${columns} FROM encoders WHERE base_encoder_id = ? AND output IS NULL`,
    ).get(id);
    return row === undefined ? null : this.#complete(row);
  }

  /** @throws AppError `NOT_FOUND` */
  rename(id: EncoderId, name: string): StoredEncoder {
    return this.#update(id, 'name = ?', name);
  }

  /** Keeps the run and step that an encoder came from; of several the first. @throws AppError `NOT_FOUND` */
  setRun(id: EncoderId, run: { id: pretraining.RunId; step: number }): StoredEncoder {
    change(this.#connection, 'UPDATE encoders SET run_id = ?, run_step = ? WHERE id = ? AND run_id IS NULL').run(run.id, run.step, id);
    return this.get(id);
  }

  /** Keeps other settings of an encoder. @throws AppError `NOT_FOUND` */
  setSettings(id: EncoderId, settings: unknown): StoredEncoder {
    return this.#update(id, 'settings = ?', JSON.stringify(settings));
  }

  /** Keeps another hash of an encoder's weights. @throws AppError `NOT_FOUND` */
  setWeightsHash(id: EncoderId, weightsSha256: string): StoredEncoder {
    return this.#update(id, 'weights_sha256 = ?', weightsSha256);
  }

  /** Takes an encoder out of every list; its index and notes are kept. */
  remove(id: EncoderId): void {
    this.#update(id, 'removed_at = coalesce(removed_at, ?)', Date.now());
  }

  /** Brings a removed encoder back. */
  restore(id: EncoderId): void {
    this.#update(id, 'removed_at = ?', null);
  }

  #update(id: EncoderId, assignment: string, value: string | number | null): StoredEncoder {
    change(this.#connection, `UPDATE encoders SET ${assignment} WHERE id = ?`).run(value, id);
    return this.get(id);
  }

  #complete(row: EncoderRow): StoredEncoder {
    const set = row.baseEncoderId === null ? this.tagSetOf(row.id) : null;
    const tagSet =
      set === null
        ? null
        : {
            encoderId: set.id,
            name: set.name,
            labels: (set.settings as TagSetSettings).labels,
          };
    const { output, pooling, runId, runStep, ...rest } = row;
    const run = runId === null || runStep === null ? null : { id: runId, step: runStep };
    const space = output === null || pooling === null ? null : { output, pooling };
    const spaces = row.baseEncoderId === null ? this.#spaces(row.id) : [];
    return {
      ...rest,
      settings: JSON.parse(row.settings) as unknown,
      index: this.#indexInfo(row.id),
      tagSet,
      spaces,
      space,
      run,
    };
  }

  #spaces(id: EncoderId): FeatureSpace[] {
    const sql = `SELECT id AS encoderId, output, pooling, name AS title, dimensions FROM encoders
      WHERE base_encoder_id = ? AND output IS NOT NULL AND removed_at IS NULL ORDER BY id`;
    return rows<[number], SpaceRow>(this.#connection, sql)
      .all(id)
      .map((row) => ({ ...row, index: this.#indexInfo(row.encoderId) }));
  }

  #indexInfo(id: EncoderId): IndexInfo | null {
    return inOneStep(this.#counting(id));
  }

  *#counting(id: EncoderId): Generator<void, IndexInfo | null> {
    const made = `${this.#revisions.library} ${this.#revisions.index}`;
    const known = this.#infos.get(id);
    if (known?.made === made) return known.info;
    const indexOf = 'SELECT id AS indexId, hop_samples AS hopSamples FROM indexes WHERE encoder_id = ?';
    const index = rows<[number], { indexId: number; hopSamples: number }>(this.#connection, indexOf).get(id);
    const info =
      index === undefined
        ? null
        : {
            hopSamples: index.hopSamples,
            ...(yield* this.#counts(index.indexId)),
          };
    this.#infos.set(id, { made, info });
    return info;
  }

  /** Sums over all tracks, some thousand at a step. */
  *#counts(index: number): Generator<void, Omit<IndexInfo, 'hopSamples'>> {
    const highest = highestId(this.#connection);
    const sum = { tracks: 0, segments: 0, waiting: 0 };
    for (let first = 0; first < highest; first += tracksOfStep) {
      const range = { index, first, last: first + tracksOfStep };
      const part = defined(rows<[typeof range], typeof sum>(this.#connection, indexSql).get(range), 'the counts of an index');
      sum.tracks += part.tracks;
      sum.segments += part.segments;
      sum.waiting += part.waiting;
      yield;
    }
    return sum;
  }
}

/** The error for an encoder that is not there. */
export function unknownEncoder(id: number): AppError {
  return new AppError('NOT_FOUND', `There is no encoder with the number ${id}. List the encoders and choose one of them.`, {
    details: { encoderId: id },
  });
}
