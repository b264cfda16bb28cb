/** @file Taggrams: what a head says of each segment of one track. */
import { AppError } from '../../base/index.ts';
import { toBase64 } from '../../contract/index.ts';
import type { HeadId, Taggram, TaggramWish } from '../../contract/index.ts';
import type { Store, StoredEncoder, StoredHead } from '../../store/index.ts';
import { timingOf } from '../listening/listening.ts';
import type { HeadMaker, TagHeads } from './heads.ts';
import { LabelTags } from './label-tags.ts';
import { judgedLabel } from './label-verdict.ts';
import { calibrated } from './predictions.ts';

type Parts = { store: Store; heads: TagHeads; maker: HeadMaker };

/** Makes taggrams. */
export class Taggrams {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Tags over a track's time. @throws AppError NOT_FOUND without such a head or track, or where the encoder has not heard it */
  async of({ encoderId, trackId, headId }: TaggramWish): Promise<Taggram> {
    const { store } = this.#parts;
    const encoder = store.encoders.get(encoderId);
    const head = this.#head(encoder, headId);
    const { title, artist, durationMs } = store.tracks.get(trackId, encoderId);
    const all = await this.#probabilities(head, trackId);
    if (all.length === 0)
      throw new AppError('NOT_FOUND', `${encoder.name} has not heard “${title}” yet. Index the library with it first.`, {
        details: { encoderId, trackId },
      });
    const labels = shownLabels(store, head);
    const segments = all.length / head.labels.length;
    const probabilities = new Float32Array(segments * labels.length);
    for (let segment = 0; segment < segments; segment++)
      for (const [to, { column }] of labels.entries())
        probabilities[segment * labels.length + to] = all[segment * head.labels.length + column] as number;
    const timing = timingOf(encoder, store.index.current(head.encoderId)?.hopSamples ?? encoder.cropSamples);
    return {
      ...{ encoderId, trackId, title, artist, durationMs, headId: head.id, head: head.name, ...timing },
      labels: labels.map(({ name }) => name),
      probabilities: toBase64(new Uint8Array(probabilities.buffer)),
    };
  }

  #head(encoder: StoredEncoder, headId: HeadId | null): StoredHead {
    const { store } = this.#parts;
    const all = store.heads.list(encoder.id);
    const found = headId === null ? all.find((one) => shownLabels(store, one).length > 0) : all.find(({ id }) => id === headId);
    if (found !== undefined && shownLabels(store, found).length > 0) return found;
    throw new AppError(
      'NOT_FOUND',
      `No tag was learnt with ${encoder.name} that it can tell yet. Tag more tracks and learn your tags, or import an encoder with a head.`,
      { details: { encoderId: encoder.id } },
    );
  }

  /** Of every label, learnt or not: `[segments, labels]`; empty where the track was not heard. */
  async #probabilities(head: StoredHead, trackId: Taggram['trackId']): Promise<Float32Array> {
    const { store, heads, maker } = this.#parts;
    if (head.source === 'published') {
      const set = store.encoders.tagSetOf(head.encoderId);
      return set === null ? new Float32Array(0) : store.index.embeddings(set.id, trackId);
    }
    const rows = store.index.embeddings(head.encoderId, trackId);
    if (rows.length === 0) return rows;
    return calibrated(head, await maker.predict(await heads.weights(head), rows));
  }
}

/** Labels that can be told from chance, with the names that their tags have now, and their columns; those of tags that were removed are left out. */
function shownLabels(store: Pick<Store, 'tags'>, { labels, source, groupedBy }: StoredHead): { name: string; column: number }[] {
  const tags = new LabelTags(store);
  return labels.flatMap((label, column) => {
    const current = tags.current(label);
    const isShown = judgedLabel(current, groupedBy).state === 'ready' && (source === 'published' || current.tagId !== null);
    return isShown ? [{ name: current.name, column }] : [];
  });
}
