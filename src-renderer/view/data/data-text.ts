/** @file Words for backups and imports. */
import type { Backup, LibraryReport } from '../../../src-main/contract/index.ts';
import { countOf, formatTime } from '../../lib/format.ts';

const kinds: Record<Backup['kind'], string> = {
  regular: 'made by itself, or asked for',
  version: 'before a newer Earmark changed the tables',
  replaced: 'the library until another was restored',
};

/** Why a backup was made. */
export function kindText({ kind }: Backup): string {
  return kinds[kind];
}

/** When it was made. */
export function madeText({ at }: Backup): string {
  return formatTime(at);
}

/** What an import did, as a sentence. */
export function importText({ kinds: counted }: LibraryReport): string {
  const added = counted.filter((one) => one.added > 0).map((one) => `${one.added} ${one.kind}`);
  const unplaced = counted.reduce((sum, one) => sum + one.unplaced, 0);
  const says = added.length === 0 ? 'Everything in it is here already.' : `Added: ${added.join(', ')}.`;
  return unplaced === 0 ? says : `${says} ${countOf(unplaced, 'thing')} found no place.`;
}
