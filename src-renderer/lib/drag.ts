/** @file Dragging tracks inside the page: what the rows carry, for tables, lists and tags alike. */

/** The type of what dragged rows carry: JSON of track ids. */
export const tracksMime = 'application/x-earmark-tracks';

/** Most tracks that one drag carries; the core takes no more at once. */
const mostTracks = 100_000;

/** Puts track ids on a drag. */
export function writeTracks(dataTransfer: DataTransfer, ids: readonly number[]): void {
  dataTransfer.setData(tracksMime, JSON.stringify(ids));
  dataTransfer.effectAllowed = 'copyMove';
}

/** Whether a drag carries tracks; what they are is readable only when it ends. */
export function carriesTracks(dataTransfer: DataTransfer | null): boolean {
  return dataTransfer?.types.includes(tracksMime) === true;
}

/** The track ids that a drag carries; none when it carries something else. */
export function readTracks(dataTransfer: DataTransfer | null): number[] {
  const text = dataTransfer?.getData(tracksMime) ?? '';
  if (text === '') return [];
  try {
    const value: unknown = JSON.parse(text);
    if (!Array.isArray(value)) return [];
    return value.filter((id): id is number => Number.isInteger(id) && id > 0).slice(0, mostTracks);
  } catch {
    return [];
  }
}
