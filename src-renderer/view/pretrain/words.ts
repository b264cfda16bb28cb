/** @file What recipes, states and values of settings are called. */
import { pretraining } from '../../../src-main/contract/index.ts';
import { countOf, singularOf, withUnit } from '../../lib/format.ts';
import { formatExact } from '../../lib/figures.ts';
import { valueAt } from '../../lib/setting-paths.ts';
import type { SettingKind } from '../../state/setting-kinds.ts';

type RunState = pretraining.RunState;

/** What the states of a run are called. */
export const stateWords: Record<RunState, string> = {
  waiting: 'Waiting',
  running: 'Running',
  paused: 'Paused',
  done: 'Done',
  stopped: 'Stopped',
  failed: 'Failed',
  interrupted: 'Interrupted',
};

/** What the parts of an objective, or figures beside it, are called. */
export const partWords: Readonly<Record<string, string>> = {
  invariance: 'Invariance',
  variance: 'Variance',
  covariance: 'Covariance',
  globalLoss: 'Loss over all tracks',
  targetDeviation: 'Targets',
  predictionDeviation: 'Predictions',
};

/** What the curves beside a loss are called, on their button and above them. */
export function partsText(parts: Readonly<Record<string, unknown>>): { label: string; title: string } {
  if ('targetDeviation' in parts) return { label: 'Deviations', title: 'Deviation of targets and predictions' };
  if ('globalLoss' in parts) return { label: 'Global', title: 'Loss over all tracks, by their averages' };
  return { label: 'Parts', title: 'Parts of the loss' };
}

/** What a value of a list is called. */
export function choiceWord(path: string, value: string | number): string {
  const named = pretraining.fields.find((field) => field.path === path && field.words?.[value] !== undefined);
  return named?.words?.[value] ?? String(value);
}

const hasWords = (path: string): boolean => pretraining.fields.some((field) => field.path === path && field.words !== undefined);

/** A setting's value as text: `0.0003`, `200 to 500`, `1 024, 1 024`, `on`, `10 minutes`. */
export function valueText(path: string, value: unknown): string {
  if (value === undefined || value === null) return 'none';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'string' || hasWords(path)) return choiceWord(path, value as string | number);
  if (typeof value === 'number') return path === 'seed' ? String(value) : formatExact(value);
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map((one) => formatExact(Number(one))).join(', ');
  const [least, most, unit] = [valueAt(value, 'least'), valueAt(value, 'most'), valueAt(value, 'unit')];
  if (typeof unit === 'string') return lengthText({ unit, amount: Number(valueAt(value, 'amount')) });
  return `${formatExact(Number(least))} to ${formatExact(Number(most))}`;
}

/** A setting's value with its unit: `48 tracks`, `200 to 500 ms`. */
export function valueWithUnit({ path, unit }: pretraining.Field, value: unknown): string {
  const text = valueText(path, value);
  const isWhole = unit === '' || value === null || value === undefined || path === 'length' || hasWords(path);
  return isWhole ? text : withUnit(text, unit);
}

/**
 * What stands beside a setting's control: its unit, where the control shows bare numbers. The words of a list and of a length carry theirs.
 */
export function unitBeside({ unit }: pretraining.Field, kind: SettingKind, value: unknown): string {
  const isBare = kind.kind === 'number' || kind.kind === 'optional' || kind.kind === 'range' || kind.kind === 'list';
  return !isBare ? '' : value === 1 ? singularOf(unit) : unit;
}

/** `10 minutes`, `1 epoch`. */
export function lengthText({ unit, amount }: { unit: string; amount: number }): string {
  return withUnit(formatExact(amount), unit);
}

const namesShown = 12;

/** Names of labels, the first of many. */
export function labelNamesText(names: readonly string[]): string {
  return `${names.slice(0, namesShown).join(', ')}${names.length > namesShown ? ` and ${names.length - namesShown} more` : ''}`;
}

/** Where a run learns from: `Whole library`, `12 tracks`. */
export function selectionText(selection: pretraining.TrackSelection, folderPath: (id: number) => string): string {
  switch (selection.kind) {
    case 'library':
      return 'Whole library';
    case 'folder':
      return folderPath(selection.folderId);
    case 'tracks':
      return countOf(selection.trackIds.length, 'chosen track');
  }
}
