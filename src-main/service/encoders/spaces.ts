/** @file Feature spaces as people and programs name them: an encoder's output and how it is pooled. */
import { AppError, countOf } from '../../base/index.ts';
import { embeddingOutput, indexBytes } from '../../contract/index.ts';
import type { EncoderId, LibrarySummary } from '../../contract/index.ts';
import { createEncoder, findOutput } from '../../learn/index.ts';
import type { SpaceOutput, Store, StoredEncoder } from '../../store/index.ts';
import { encoderSettings } from './encoder-settings.ts';

/** The encoder that a space belongs to; an encoder itself. */
export function baseOf({ encoders }: Pick<Store, 'encoders'>, encoder: StoredEncoder): StoredEncoder {
  return encoder.baseEncoderId === null ? encoder : encoders.get(encoder.baseEncoderId);
}

/** What an output is called as a space, and its neurons. @throws AppError `BAD_INPUT` for one that the encoder does not have, with those that it has */
export function describeSpace(base: StoredEncoder, { output, pooling }: SpaceOutput): { title: string; dimensions: number } {
  const { title, dimensions } = findOutput(createEncoder(encoderSettings(base)), output);
  return { title: `${title}, ${pooling === 'mean' ? 'mean' : 'maximum'}`, dimensions };
}

/** The space of an output, if there is one; the encoder itself for its embedding. @throws AppError `BAD_INPUT` for an output that it does not have */
export function findSpace({ encoders }: Pick<Store, 'encoders'>, base: StoredEncoder, wanted: SpaceOutput): StoredEncoder | null {
  if (wanted.output === embeddingOutput) return base;
  describeSpace(base, wanted);
  const isWanted = ({ space }: StoredEncoder): boolean => space?.output === wanted.output && space.pooling === wanted.pooling;
  return encoders.spacesOf(base.id).find(isWanted) ?? null;
}

/** The same; it is made where there is none, and brought back where it was removed. */
export function ensureSpace(store: Pick<Store, 'encoders'>, base: StoredEncoder, space: SpaceOutput): StoredEncoder {
  return space.output === embeddingOutput ? base : store.encoders.ensureSpace(base, { space, ...describeSpace(base, space) });
}

/** The same for whoever only computes: nothing is stored, and it has the encoder's number. */
export function passingSpace(base: StoredEncoder, space: SpaceOutput): StoredEncoder {
  if (space.output === embeddingOutput) return base;
  const { title, dimensions } = describeSpace(base, space);
  return { ...base, name: `${base.name} · ${title}`, dimensions, space, index: null };
}

/** Numbers of what is kept up to date by itself: the encoder's spaces that have an index; the embedding where none has. */
export function indexedSpaces(base: StoredEncoder): EncoderId[] {
  const spaces = base.spaces.filter(({ index }) => index !== null).map(({ encoderId }) => encoderId);
  return base.index !== null || spaces.length === 0 ? [base.id, ...spaces] : spaces;
}

/** What an index would take on the disk of what waits for it, about. */
export function spaceBytes({ encoder, space, library, hopSamples }: SpaceSize): number {
  const { sampleRate } = encoder;
  const hop = hopSamples ?? space.index?.hopSamples ?? encoder.index?.hopSamples ?? encoder.cropSamples;
  const isNew = space.index === null || space.index.hopSamples !== hop;
  const share = isNew || library.tracks === 0 ? 1 : Math.min(1, (space.index?.waiting ?? 0) / library.tracks);
  return share * indexBytes({ audioMs: library.audioMs, sampleRate, hopSamples: hop, dimensions: space.dimensions });
}

type SpaceSize = {
  encoder: StoredEncoder;
  space: StoredEncoder;
  library: Pick<LibrarySummary, 'tracks' | 'audioMs'>;
  /** Null: that of the index as it is. */
  hopSamples: number | null;
};

/** What an index job is about, in its title. */
export function spacesText(base: StoredEncoder, spaces: readonly StoredEncoder[]): string {
  const [only] = spaces;
  return only !== undefined && spaces.length === 1 ? only.name : `${base.name}: ${countOf(spaces.length, 'output')}`;
}

/** The error for an output that was not indexed. */
export function notIndexed(base: StoredEncoder, { output, pooling }: SpaceOutput): AppError {
  const says = `${base.name} is not indexed by the ${pooling === 'mean' ? 'mean' : 'maximum'} of its output ${output} yet.`;
  return new AppError('NOT_FOUND', `${says} Run \`earmark index --encoder ${base.id} --output ${output}:${pooling}\`.`, {
    details: { output, pooling },
  });
}
