/** @file How long a contestant had learnt. */
import { expect, it } from 'vitest';
import type { Entrant } from '../../../../src-main/service/evaluating/contestants.ts';
import { trainingOf } from '../../../../src-main/service/evaluating/training-of.ts';
import { newRun, smallEncoder, temporaryStore } from '../../../support/store-data.ts';

it('is what its run took until its checkpoint, whether or not that is there still, and what the runs before it took', () => {
  const store = temporaryStore();
  const first = store.runs.add(newRun);
  store.runs.update(first.id, { step: 50, activeSeconds: 90 });
  const second = store.runs.add({
    ...newRun,
    continuesRunId: first.id,
    continuesStep: 50,
  });
  store.runs.update(second.id, { step: 40, activeSeconds: 60 });
  const made = store.encoders.add(smallEncoder(4));
  const of = (kind: Entrant['kind'], encoder: Entrant['encoder']) => trainingOf(store, { kind, encoder } as Entrant);
  expect(of('encoder', made)).toBeNull();
  const encoder = store.encoders.setRun(made.id, { id: second.id, step: 10 });
  expect(store.runs.get(second.id).checkpoints).toEqual([]);
  expect(of('encoder', encoder)).toEqual({
    runId: second.id,
    step: 10,
    seconds: 105,
  });
  expect([of('untrained', encoder), of('statistics', null)]).toEqual([null, null]);
});
