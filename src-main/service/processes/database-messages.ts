/** @file What the core and the database process say to each other: one task a process. */
import type { ErrorData } from '../../base/index.ts';
import type { CopyReport, RestoreReport, SalvageReport } from '../../store/index.ts';

/** `root` is a data directory whose lock the core holds, and in which nothing is open. */
export type DatabaseTask =
  | { type: 'copy'; source: string; target: string }
  | { type: 'check'; path: string }
  | { type: 'restore'; root: string; file: string }
  | { type: 'salvage'; root: string };

/** What each task answers; a check with what is wrong, null when nothing is. */
export type DatabaseAnswers = { copy: CopyReport; check: string | null; restore: RestoreReport; salvage: SalvageReport };

export type DatabaseReply = { share: number } | { value: DatabaseAnswers[DatabaseTask['type']] } | { error: ErrorData };
