/** @file What can be done with a playlist. */
import { playlistFormats } from '../../../src-main/contract/index.ts';
import type { Playlist, PlaylistFormat, SmartQuery } from '../../../src-main/contract/index.ts';
import { countOf } from '../../lib/format.ts';
import { attempt, undo } from '../../state/app.svelte.ts';
import { playlists } from '../../state/retrieval.svelte.ts';
import type { MenuEntry } from '../../ui/menu-entry.ts';
import { playInOrder } from '../similar/save-actions.ts';
import { saveFile } from '../../lib/save-file.ts';
import { formatNames } from './playlist-text.ts';

/** Plays the open playlist from a row on. */
export function playPlaylist(at = 0): void {
  playInOrder(() => playlists.rows ?? [], at);
}

/** Writes a playlist to a file. */
export async function exportPlaylist(playlist: Playlist, format: PlaylistFormat): Promise<void> {
  const { fileName, text, missing } = await playlists.export(playlist, format);
  saveFile(fileName, text, formatNames[format].type);
  if (missing > 0)
    undo.say(`${countOf(missing, `track of “${playlist.name}” is`, `tracks of “${playlist.name}” are`)} missing and left out.`);
}

/** The formats that a playlist leaves in. */
export function exportEntries(playlist: Playlist): MenuEntry[] {
  return playlistFormats.map((format) => ({
    label: formatNames[format].label,
    icon: 'export',
    run: () => attempt(exportPlaylist(playlist, format)),
  }));
}

/** The menu of a playlist. */
export function playlistMenu(playlist: Playlist, rename: () => void): MenuEntry[] {
  return [
    { label: 'Rename', icon: 'rename', run: rename },
    ...(playlist.smart === null
      ? []
      : [{ label: 'Make it a plain list', icon: 'lock' as const, run: () => attempt(playlists.freeze(playlist)) }]),
    { label: 'Remove', icon: 'remove', run: () => attempt(playlists.remove(playlist)), separated: true },
  ];
}

/** What a smart playlist asks, as a short sentence. */
export function smartText(smart: SmartQuery): string {
  if (smart.kind === 'filter') return 'Tracks that pass a filter, asked anew each time';
  const { like, unlike, level } = smart.query;
  const unlikes = unlike.length === 0 ? '' : ` and unlike ${unlike.length}`;
  return `${level === 'tracks' ? 'Tracks' : 'Passages'} like ${countOf(like.length, 'example')}${unlikes}, asked anew each time`;
}
