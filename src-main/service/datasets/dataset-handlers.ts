/** @file The procedures of data sets, each one line. */
import { mostClipsTold } from '../../contract/index.ts';
import type { Handlers, JobProgress } from '../../contract/index.ts';
import type { EventHub } from '../event-hub.ts';
import type { Datasets } from './datasets.ts';

/** Makes the handlers of the subject `datasets`. A window hears how far a check is; of clips it gets as many as a person looks at. */
export function datasetHandlers(datasets: Datasets, events: EventHub): Handlers['datasets'] {
  return {
    list: () => datasets.list(),
    check: async ({ path, dataset, task, split, decodes }, signal) => {
      const onProgress = latest<JobProgress>((progress) => events.emit({ type: 'datasets.checking', path, progress }));
      const wish = { path, dataset: dataset ?? null, task: task ?? null, split: split ?? null };
      const { missing, broken, ...check } = await datasets.check(wish, { decodes, signal, onProgress });
      return {
        ...check,
        missing: missing.slice(0, mostClipsTold),
        broken: broken.slice(0, mostClipsTold),
        missingClips: missing.length,
        brokenClips: broken.length,
      };
    },
  };
}

const tellEveryMs = 250;

/** Calls at most four times a second. */
function latest<Value>(tell: (value: Value) => void): (value: Value) => void {
  let told = -Infinity;
  return (value) => {
    const now = performance.now();
    if (now - told < tellEveryMs) return;
    told = now;
    tell(value);
  };
}
