/**
 * @file Embeddings that an index holds of tracks, for runs of an encoder that stands upon another: a sample of each track's moments, so that what is learnt from
 * stays within some memory however large the library is.
 */
import { AppError, countOf } from '../../base/index.ts';
import { pretraining } from '../../contract/index.ts';
import { encoderTitles, standsUpon } from '../../learn/about.ts';
import { isFedEmbeddings } from '../../learn/index.ts';
import type { IndexId, LiveRun, Store, StoredEncoder } from '../../store/index.ts';
import { stoodUpon } from '../encoders/stood-upon.ts';
import { allRuns } from '../indexing/all-runs.ts';
import { sampledRows } from '../indexing/sampled-rows.ts';
import type { TrackRows, TrainTrack } from '../processes/train-messages.ts';

/** So many rows are learnt from at most; 316 numbers each, they take 126 MB. */
const mostRows = 100_000;
/** Two moments of a track are compared: of one with fewer there is nothing to learn. */
const leastMoments = 2;
/** So many tracks' rows are handed over at a time. */
const together = 64;

type Settings = pretraining.PretrainSettings;

/** Where an index lies, and its tracks in it. */
type Known = { indexId: IndexId; runs: ReadonlyMap<number, LiveRun> };

/**
 * Of tracks those that a run can be fed with; all of them for runs of waves.
 * @throws AppError NOT_FOUND where none was heard yet, BAD_INPUT where they are too few
 */
export function feedable(store: Store, settings: Settings, tracks: readonly TrainTrack[]): TrainTrack[] {
  if (!isFedEmbeddings(settings)) return [...tracks];
  const known = knownRows(store, settings);
  const usable = tracks.filter((track) => momentsOf(known, track) >= leastMoments);
  const heard = tracks.filter((track) => momentsOf(known, track) > 0).length;
  if (heard === 0) {
    const base = stoodUpon(store, settings.encoder);
    if (base?.index?.waiting === 0) throw deafTo(base, tracks);
    const way =
      base === undefined
        ? 'Bring it back under Settings, Encoders'
        : `Wait until they are indexed, or run \`earmark index --encoder ${base.id}\``;
    throw new AppError(
      'NOT_FOUND',
      `${titleOf(settings)} have heard none of ${countOf(tracks.length, 'track')} yet, and this is learnt from them. ${way}.`,
    );
  }
  const leastTracks = pretraining.leastTracksOf(settings);
  if (usable.length < leastTracks)
    throw new AppError(
      'BAD_INPUT',
      `${countOf(usable.length, 'track is', 'tracks are')} long enough to learn from, and what parts tracks from each other can be learnt from ${leastTracks} or more: moments of one recording do not teach it. Add music.`,
      { details: { tracks: usable.length } },
    );
  return usable.length * leastMoments <= mostRows ? usable : spread(usable, Math.floor(mostRows / leastMoments));
}

/** Of tracks that all were tried, and none heard. */
function deafTo({ name, cropSamples, sampleRate }: StoredEncoder, tracks: readonly TrainTrack[]): AppError {
  const least = `${(leastMoments * cropSamples) / sampleRate} s`;
  const says = `${name} could hear none of ${countOf(tracks.length, 'track')}: too short, or not readable; their problems say which.`;
  return new AppError('BAD_INPUT', `${says} To learn from a track takes ${least} of it or more. Add music.`, {
    details: { tracks: tracks.length },
  });
}

/** Settings whose batch is no larger than what there is, for recipes that learn from small libraries too; others stay as they are. */
export function fitted(settings: Settings, tracks: number): Settings {
  return isFedEmbeddings(settings) && settings.batch > tracks && tracks >= pretraining.leastTracksOf(settings)
    ? { ...settings, batch: tracks }
    : settings;
}

/** Hands rows over, some tracks at a time. */
export type RowsInParts = {
  /** The next tracks; null when there are no more. @throws AppError for files that are not whole */
  next(): TrackRows[] | null;
  close(): void;
};

/** What a run is fed with of tracks; nothing for runs of waves. */
export function rowsInParts(store: Store, settings: Settings, tracks: readonly TrainTrack[]): RowsInParts {
  const known = isFedEmbeddings(settings) ? knownRows(store, settings) : null;
  if (known === null) return { next: () => null, close: () => undefined };
  const open = store.index.openRows(known.indexId);
  const most = Math.max(leastMoments, Math.floor(mostRows / Math.max(1, tracks.length)));
  let at = 0;
  return {
    next: () => {
      if (at >= tracks.length) return null;
      const some = tracks.slice(at, at + together);
      at += together;
      return some.flatMap((track) => {
        const run = known.runs.get(track.trackId);
        return run === undefined || run.audioHash !== track.audioHash
          ? []
          : [{ trackId: track.trackId, rows: sampledRows(open, run, most) }];
      });
    },
    close: () => open.close(),
  };
}

function momentsOf(known: Known | null, { trackId, audioHash }: TrainTrack): number {
  const run = known?.runs.get(trackId);
  return run === undefined || run.audioHash !== audioHash ? 0 : run.segments;
}

/** Evenly chosen by their sound, so that a library gives the same ones again. */
function spread(tracks: readonly TrainTrack[], most: number): TrainTrack[] {
  const sorted = tracks.toSorted((a, b) => (a.audioHash < b.audioHash ? -1 : Number(a.audioHash > b.audioHash)));
  return Array.from({ length: most }, (_, place) => sorted[Math.floor((place * sorted.length) / most)] as TrainTrack);
}

function knownRows(store: Store, settings: Settings): Known | null {
  const base = stoodUpon(store, settings.encoder);
  const index = base === undefined ? null : store.index.current(base.id);
  return index === null ? null : { indexId: index.id, runs: allRuns(store, index.id) };
}

function titleOf({ encoder }: Settings): string {
  const upon = standsUpon(encoder.architecture);
  return encoderTitles[upon as keyof typeof encoderTitles];
}
