/** @file Entry of the process that finds the waves that excite a layer's filters: one question, and its end. */
import './end-with-reason.ts';
import { toAppError } from '../base/index.ts';
import { filterWaves } from '../compute/index.ts';
import type { SpectraReply, SpectraRequest } from '../service/index.ts';
import { repliesTo } from './replies.ts';

const { reply, finish } = repliesTo<SpectraReply>();

process.on('message', (request: SpectraRequest) => {
  filterWaves(request, (done, total) => reply({ done, total }))
    .then(
      (waves) => reply({ waves }),
      (error: unknown) => reply({ error: toAppError(error, 'find the waves of filters').toData() }),
    )
    .finally(finish);
});
process.on('disconnect', () => process.exit(0));
// Ctrl-C in a terminal reaches every process; the core decides what becomes of the work.
process.on('SIGINT', () => undefined);
