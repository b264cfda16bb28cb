/**
 * @file What child processes start from (see `guardedArguments`): watches the parent before anything else, then runs the entry that was meant as if it
 * had been started itself.
 */
import { fileURLToPath } from 'node:url';
import { watchParent } from './parent-watch.ts';

const [parentId, entry] = process.argv.slice(2);
if (parentId === undefined || entry === undefined) throw new TypeError('A guarded process is started with its parent and its entry.');
process.argv.splice(1, 3, fileURLToPath(entry));
// Until the thread looks, which takes a while on a busy machine: the channel to the parent is there from the first moment.
process.on('disconnect', () => process.exit(0));
watchParent(Number(parentId));
await import(/* @vite-ignore */ entry);
