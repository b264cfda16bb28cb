/** @file Dragging tracks inside the page: what the rows carry, for tables, lists and tags alike. */

/** The type of what dragged rows carry: JSON of track ids. */
export const tracksMime = 'application/x-earmark-tracks';

/** Most tracks that one drag carries; the core takes no more at once. */
const mostTracks = 100_000;

/**
 * The tracks whose files a window is dragging out. The system's drag says of them only that they are files, also when they come back over the
 * page; so the page knows its own again by this.
 */
let outgoing: readonly number[] | null = null;

/** Remembers what is dragged out of the window, until the pointer moves over the page again without a button. */
export function rememberDrag(page: Pick<EventTarget, 'addEventListener'>, ids: readonly number[]): void {
  outgoing = [...ids];
  const over = new AbortController();
  const heard = (event: Event): void => {
    if ('buttons' in event && event.buttons !== 0) return;
    outgoing = null;
    over.abort();
  };
  page.addEventListener('pointermove', heard, { signal: over.signal });
}

/** Puts track ids on a drag. */
export function writeTracks(dataTransfer: DataTransfer, ids: readonly number[]): void {
  dataTransfer.setData(tracksMime, JSON.stringify(ids));
  dataTransfer.effectAllowed = 'copyMove';
}

/** Whether a drag carries tracks; what they are is readable only when it ends. */
export function carriesTracks(dataTransfer: DataTransfer | null): boolean {
  if (dataTransfer === null) return false;
  return dataTransfer.types.includes(tracksMime) || (outgoing !== null && dataTransfer.types.includes('Files'));
}

/** The track ids that a drag carries; none when it carries something else. */
export function readTracks(dataTransfer: DataTransfer | null): number[] {
  const text = dataTransfer?.getData(tracksMime) ?? '';
  if (text === '') return outgoing !== null && dataTransfer?.types.includes('Files') === true ? [...outgoing] : [];
  try {
    const value: unknown = JSON.parse(text);
    if (!Array.isArray(value)) return [];
    return value.filter((id): id is number => Number.isInteger(id) && id > 0).slice(0, mostTracks);
  } catch {
    return [];
  }
}
