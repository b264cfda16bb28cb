/** @file Entry of the database process: copies, checks, restores or salvages one database. */
import { toAppError } from '../base/index.ts';
import type { DatabaseAnswers, DatabaseReply, DatabaseTask } from '../service/index.ts';
import { copyDatabase, DataPaths, findDamage, restoreDatabase, salvageDatabase } from '../store/index.ts';

const reply = (message: DatabaseReply): void => void process.send?.(message);
const share = (done: number, total: number): void => reply({ share: total === 0 ? 1 : done / total });

async function carryOut(task: DatabaseTask): Promise<DatabaseAnswers[DatabaseTask['type']]> {
  switch (task.type) {
    case 'copy':
      return copyDatabase(task.source, task.target, share);
    case 'check':
      return findDamage(task.path);
    case 'restore':
      return restoreDatabase(new DataPaths(task.root), task.file, share);
    case 'salvage':
      return salvageDatabase(new DataPaths(task.root), share);
  }
}

process.on('message', (task: DatabaseTask) => {
  carryOut(task).then(
    (value) => reply({ value }),
    (error: unknown) => reply({ error: toAppError(error, 'work on the database').toData() }),
  );
});
process.on('disconnect', () => process.exit(0));
// Ctrl-C in a terminal reaches every process; the core decides what becomes of the work.
process.on('SIGINT', () => undefined);
