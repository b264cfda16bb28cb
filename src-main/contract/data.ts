/** @file What people made, as a whole: whether its database can be trusted, its backups, and its export. */
import { oc } from '@orpc/contract';
import { z } from 'zod';

const filePath = z.string().min(1).max(4096);
const tables = z.record(z.string(), z.int());

export const backupSchema = z.object({
  file: z.string(),
  /** `regular`: at a start, daily, or asked for; `version`: before a newer Earmark changed the tables; `replaced`: the database until another was restored. */
  kind: z.enum(['regular', 'version', 'replaced']),
  /** ms since 1970 */
  at: z.number(),
  bytes: z.number(),
});
/** A backup of the database. */
export type Backup = z.infer<typeof backupSchema>;

export const dataStateSchema = z.object({
  /** `damaged`: nothing can be asked but how to mend it. `read`: damage was found while it was open; it is read alone. */
  state: z.enum(['open', 'read', 'damaged']),
  /** What is wrong; empty while nothing is. */
  found: z.string(),
  path: z.string(),
  /** Newest first. */
  backups: z.array(backupSchema),
  /** Something that happened at the start and was not seen yet, as a sentence; empty when nothing did. */
  notice: z.string(),
  /** Why the last backup failed, as a sentence; empty when it did not. */
  failure: z.string(),
  /** What is being done, and how much of it, 0 to 1; null while nothing is. */
  work: z.object({ kind: z.enum(['backup', 'restore', 'salvage']), share: z.number(), secondsLeft: z.number().nullable() }).nullable(),
});
/** How the library's database stands. */
export type DataState = z.infer<typeof dataStateSchema>;

const report = { file: z.string(), bytes: z.number(), tables };

export const libraryReportSchema = z.object({
  /** Of each kind of thing: how many are different now, were there already, or found no place. */
  kinds: z.array(z.object({ kind: z.string(), added: z.int(), known: z.int(), unplaced: z.int() })),
  /** What found no place, and why, as sentences; the first thousand. */
  unplaced: z.array(z.string()),
  /** The change of tags that can be taken back; null when no tag is different. */
  changeId: z.int().nullable(),
  /** Playlists that were made; removing them takes them back. */
  playlistIds: z.array(z.int()),
});
/** What became of an import. */
export type LibraryReport = z.infer<typeof libraryReportSchema>;

export const dataContract = {
  data: {
    state: oc.output(dataStateSchema),
    /** Makes a backup now. */
    backUp: oc.output(z.object(report)),
    /** Puts a backup in the database's place; the one that was becomes a backup. Everything is loaded anew. */
    restore: oc.input(z.strictObject({ file: filePath })).output(z.object({ ...report, kept: z.string().nullable() })),
    /** Saves what can be read of a damaged database. */
    salvage: oc.output(z.object({ ...report, kept: z.string(), lost: z.array(z.string()) })),
    /** The notice was seen. */
    dismissNotice: oc.output(z.void()),
    /** All that the person made, as one file: its text, or written to a path. */
    exportLibrary: oc
      .input(z.strictObject({ path: filePath.optional() }))
      .output(z.object({ fileName: z.string(), text: z.string(), path: z.string().nullable(), bytes: z.int() })),
    /** Reads such a file into this library; what is here stays. */
    importLibrary: oc.input(z.strictObject({ path: filePath })).output(libraryReportSchema),
  },
};
