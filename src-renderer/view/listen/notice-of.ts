/** @file Why the Listen view has no rows to show. */
import { encoders, jobs, library } from '../../state/app.svelte.ts';
import { choice, segments } from '../../state/listening.svelte.ts';

/** What stands in place of the table; null where the table can be shown. */
export type ListenNoticeKind = 'noEncoder' | 'noTracks' | 'notIndexed' | 'indexing' | 'noMatch' | 'failed';

/** Reads the states; for `$derived`. */
export function noticeOf(): ListenNoticeKind | null {
  if (encoders.list === null) return null;
  const encoder = encoders.current;
  if ((encoder?.index?.segments ?? 0) === 0) {
    if (library.summary?.tracks === 0) return 'noTracks';
    if (encoder === null) return 'noEncoder';
    return jobs.current('index', encoders.base?.id) === undefined ? 'notIndexed' : 'indexing';
  }
  if (segments.error !== null) return 'failed';
  if (segments.total === 0 && (choice.search !== '' || choice.filter.isSet)) return 'noMatch';
  if (segments.total === 0 && !segments.isRenewing)
    return jobs.current('index', encoders.base?.id) === undefined ? 'notIndexed' : 'indexing';
  return null;
}
