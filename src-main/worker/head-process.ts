/** @file Entry of the head process: trains heads on embeddings and predicts with them, on the processor. */
import './end-with-reason.ts';
import { fitHead, HeadPredictor } from '../compute/index.ts';
import { toAppError } from '../base/index.ts';
import type { HeadAnswers, HeadReply, HeadRequest, HeadTask } from '../service/index.ts';

const predictor = new HeadPredictor();
const reply = (message: HeadReply): void => void process.send?.(message);

function carryOut(id: number, task: HeadTask): Promise<HeadAnswers[HeadTask['type']]> {
  if (task.type === 'predict') return predictor.predict(task.tensors, task.embeddings);
  return fitHead(task.examples, task.options, (share) => reply({ id, share }));
}

/** One task at a time: two would take each other's cores. */
let before: Promise<unknown> = Promise.resolve();

process.on('message', ({ id, task }: HeadRequest) => {
  before = before
    .then(() => carryOut(id, task))
    .then(
      (value) => reply({ id, value }),
      (error: unknown) =>
        reply({ id, error: toAppError(error, task.type === 'fit' ? 'learn the tags' : 'apply what was learnt').toData() }),
    );
});
process.on('disconnect', () => process.exit(0));
// Ctrl-C in a terminal reaches every process; the core decides what becomes of the work.
process.on('SIGINT', () => undefined);
