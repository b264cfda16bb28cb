/** @file Dropping tracks on something: a tag, a playlist, the way to Tags. */
import type { TrackId } from '../../../src-main/contract/index.ts';
import { carriesTracks, readTracks } from '../../lib/drag.ts';

/** What becomes of tracks that are dropped, and who hears whether some are held over the place. */
export type TrackDrop = { take: (ids: readonly TrackId[], event: DragEvent) => void; onover: (isOver: boolean) => void };

/** An attachment that lets tracks be dropped on an element. Drags of anything else pass it by. */
export function takesTracks({ take, onover }: TrackDrop): (element: EventTarget) => () => void {
  return (element) => {
    const attached = new AbortController();
    const { signal } = attached;
    const on = (type: 'dragover' | 'dragleave' | 'drop', heard: (event: DragEvent) => void): void =>
      element.addEventListener(type, (event) => heard(event as DragEvent), { signal });
    on('dragover', (event) => {
      if (!carriesTracks(event.dataTransfer)) return;
      event.preventDefault();
      onover(true);
    });
    on('dragleave', () => onover(false));
    on('drop', (event) => {
      onover(false);
      const ids = readTracks(event.dataTransfer) as TrackId[];
      if (ids.length === 0) return;
      event.preventDefault();
      take(ids, event);
    });
    return () => attached.abort();
  };
}
