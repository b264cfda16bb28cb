/** @file What writing tags would do: reads the field in every file that carries one of the tags, and changes nothing. */
import { checkField } from '../../audio/about.ts';
import { AppError, isCancelled, toAppError } from '../../base/index.ts';
import type { Field } from '../../audio/index.ts';
import type { Tag, TrackId, WritingWish } from '../../contract/index.ts';
import type { AudioTrack, PlannedFile, Store } from '../../store/index.ts';
import { checkNoDemoFile } from '../library/demo.ts';
import type { MediaWorker } from '../processes/media-worker.ts';
import type { Tools } from '../tools.ts';
import { valuesAfter } from './field-values.ts';

/** Files that are read at the same time. */
const inFlight = 4;

/** What a plan is made with. */
export type PlanTools = Pick<Tools, 'store' | 'demoDirectory'> & { media: Pick<MediaWorker, 'run'>; signal: AbortSignal };

/** The field of a wish. @throws AppError BAD_INPUT for a custom field without a name, and a name for another field */
export function fieldOf({ field, customName = '' }: WritingWish): Field {
  if (field === 'custom' && customName.trim() === '')
    throw new AppError('BAD_INPUT', 'A custom field needs a name. Type one, for example “Earmark tags”.');
  return { name: field, customName: field === 'custom' ? customName.trim() : '' };
}

/**
 * Reads the files and says what each would get.
 * @throws AppError NOT_FOUND for an unknown tag, BAD_INPUT when no file would be written to, or for the name of a custom field
 */
export async function planWriting(wish: WritingWish, tools: PlanTools): Promise<PlannedFile[]> {
  const { store, signal } = tools;
  const field = fieldOf(wish);
  checkField(field);
  const tagged = tagsByTrack(store, wish);
  const tracks = store.tracks.audio({ trackIds: [...tagged.keys()] });
  if (tracks.length === 0)
    throw new AppError('BAD_INPUT', 'None of these tracks carries one of these tags. Put the tags on some tracks first.');
  const files = new Map<TrackId, PlannedFile>();
  const queue = tracks.values();
  const lane = async (): Promise<void> => {
    for (const track of queue) {
      signal.throwIfAborted();
      files.set(
        track.trackId,
        await planFile(track, { field, tools, after: (before) => valuesAfter(before, tagged.get(track.trackId) ?? [], wish) }),
      );
    }
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  return tracks.flatMap(({ trackId }) => files.get(trackId) ?? []);
}

type FilePlan = { field: Field; tools: PlanTools; after: (before: readonly string[]) => string[] };

async function planFile({ trackId, path, audioHash }: AudioTrack, { field, tools, after }: FilePlan): Promise<PlannedFile> {
  const file = { trackId, path, audioHash };
  try {
    checkNoDemoFile(tools, file);
    const former = await tools.media.run({ type: 'readField', path, field });
    const values = after(former.values);
    const isSame = values.length === former.values.length && values.every((value, i) => value === former.values[i]);
    return { ...file, before: former.values, after: values, state: isSame ? 'unchanged' : 'planned', message: '', former };
  } catch (error) {
    if (isCancelled(error)) throw error;
    // Whatever is wrong with one file, the others are planned.
    return { ...file, before: [], after: [], state: 'failed', message: toAppError(error, `read ${path}`).message, former: null };
  }
}

/** The wished tags of every track that carries one, in the wish's order. */
function tagsByTrack({ tags }: Store, { tagIds, trackIds }: WritingWish): Map<TrackId, Tag[]> {
  const wanted = trackIds === undefined ? null : new Set(trackIds);
  const found = new Map<TrackId, Tag[]>();
  for (const tag of [...new Set(tagIds)].map((id) => tags.get(id)))
    for (const trackId of tags.tracksWith(tag.id))
      if (wanted === null || wanted.has(trackId)) found.set(trackId, [...(found.get(trackId) ?? []), tag]);
  return found;
}
