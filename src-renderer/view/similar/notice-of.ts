/** @file Why Similar cannot be asked now. */
import { encoders, jobs, library } from '../../state/app.svelte.ts';

/** What stands in place of the pages that need an index; null where they can be shown. */
export type SimilarNoticeKind = 'noEncoder' | 'noTracks' | 'notIndexed' | 'indexing' | 'loading';

/** Reads the states; for `$derived`. */
export function noticeOf(): SimilarNoticeKind | null {
  if (encoders.list === null) return 'loading';
  const encoder = encoders.current;
  if ((encoder?.index?.segments ?? 0) > 0) return null;
  if (library.summary?.tracks === 0) return 'noTracks';
  if (encoder === null) return 'noEncoder';
  return jobs.current('index', encoders.base?.id) === undefined ? 'notIndexed' : 'indexing';
}
