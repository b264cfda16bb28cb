/** @file The text of lists that come in and go out. */
import type { PlaylistFormat } from '../../../src-main/contract/index.ts';

/** What the formats are called, and what reads them. */
export const formatNames: Record<PlaylistFormat, { label: string; type: string }> = {
  m3u8: { label: 'M3U8, for players', type: 'audio/x-mpegurl' },
  jspf: { label: 'JSPF, for programs', type: 'application/json' },
  csv: { label: 'CSV, for tables', type: 'text/csv' },
  rekordbox: { label: 'Rekordbox XML, for DJ programs', type: 'application/xml' },
};

/** What the core takes of a list; a hundred thousand entries with long paths have a third of it. */
const mostBytes = 48_000_000;

/** The text of a list: UTF-8, or what lists were written in before (Windows-1252) when it is none. @throws Error for a file that is too large for a list */
export async function listText(file: Pick<Blob, 'arrayBuffer' | 'size'>): Promise<string> {
  if (file.size > mostBytes)
    throw new Error(`This file is larger than ${mostBytes / 1e6} MB, too large for a list. Choose an M3U or M3U8 playlist.`);
  const bytes = await file.arrayBuffer();
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
