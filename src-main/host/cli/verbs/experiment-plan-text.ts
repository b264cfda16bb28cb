/** @file What an experiment has before it, as text. */
import { countOf } from '../../../base/index.ts';
import type { Plan } from '../../../service/index.ts';
import { duration, table } from '../output.ts';

const states = { done: 'done', begun: 'begun', left: 'to do' } as const;
const percent = 100;

function timeText(seconds: number | null, isDone: boolean): string {
  if (isDone) return '';
  return seconds === null ? 'not known' : duration(seconds);
}

function diskText(bytes: number): string {
  return bytes === 0 ? '' : bytes < 1e9 ? `${Math.ceil(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

/** Two tables, sums, and what is in the way. */
export function planText(title: string, { units, columns, seconds, bytes, isAllKnown }: Plan): string {
  const runs = units.map(({ row, seed, kind, state, runId, encoderId, ...unit }) => [
    ...[row, seed ?? '', kind === 'pretrain' ? (runId === null ? 'run' : `run ${runId}`) : kind],
    ...[encoderId ?? '', states[state], timeText(unit.seconds, state === 'done'), diskText(unit.bytes)],
  ]);
  const evaluations = columns.map(({ column, done, all, seconds: time }) => {
    const { name, dataset, task, split, protocol, head, percent: share, seeds, place, folder } = column;
    const how = `${protocol}, ${head}${share === percent ? '' : `, ${share} % of the labels`}, ${countOf(seeds.length, 'seed')}`;
    return [name, `${dataset}, ${task}, ${split}`, folder ?? `${place}: not said`, how, `${done} of ${all}`, timeText(time, done === all)];
  });
  const problems = [...new Set([...units.map(({ problem }) => problem), ...columns.map(({ problem }) => problem)])].filter(
    (one) => one !== null,
  );
  const known = isAllKnown ? '' : ', and what is not known';
  const sum =
    units.every(({ state }) => state === 'done') && columns.every(({ done, all }) => done === all)
      ? 'Everything is done.'
      : `Left: about ${duration(seconds)}${known}; about ${diskText(bytes) || '0 MB'} for checkpoints.`;
  return [
    title,
    table(['run', 'seed', 'from', 'encoder', 'state', 'time', 'disk'], runs),
    '',
    table(['evaluation', 'data set', 'folder', 'protocol', 'done', 'time'], evaluations),
    '',
    sum,
    ...problems,
  ].join('\n');
}
