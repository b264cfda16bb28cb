/** @file What may be put into each setting of a run, as it was declared, and what is wrong with what was put there. */
import { pretraining } from '../../src-main/contract/index.ts';
import type { pretraining as types } from '../../src-main/contract/index.ts';
import { formatExact } from '../lib/figures.ts';
import { valueAt } from '../lib/setting-paths.ts';

/** What a setting holds. */
export type SettingKind = types.Field['shape'];
/** Numbers that a setting takes. */
export type NumberBounds = Extract<SettingKind, { kind: 'number' }>['bounds'];

/** What the setting at a place holds in these settings; null where they have none there. */
export function kindAt(settings: types.PretrainSettings, path: string): SettingKind | null {
  return valueAt(settings, path) === undefined ? null : (pretraining.fieldAt(path, settings)?.shape ?? null);
}

/** `0.01 to 10`, `0 to below 1`. */
export function boundsText({ least, most, isMostLeftOut }: NumberBounds): string {
  return `${formatExact(least)} to ${isMostLeftOut ? 'below ' : ''}${formatExact(most)}`;
}

/** What a setting takes, as a person reads it; empty where the control shows it itself. */
export function rangeText(kind: SettingKind, value: unknown): string {
  switch (kind.kind) {
    case 'number':
    case 'range':
    case 'optional':
      return boundsText(kind.bounds);
    case 'list':
      return `up to ${kind.mostItems} of ${boundsText(kind.bounds)}`;
    case 'length': {
      const chosen = kind.units.find(({ unit }) => unit === valueAt(value, 'unit'));
      return chosen === undefined ? '' : boundsText(chosen.bounds);
    }
    case 'choice':
    case 'toggle':
      return '';
  }
}

/** What is wrong with a value, as a sentence; null when nothing is. */
export function problemOf(kind: SettingKind, value: unknown): string | null {
  switch (kind.kind) {
    case 'number':
      return numberProblem(kind.bounds, value);
    case 'optional':
      return value === null ? null : numberProblem(kind.bounds, value);
    case 'range': {
      const [least, most] = [valueAt(value, 'least'), valueAt(value, 'most')];
      const problem = numberProblem(kind.bounds, least) ?? numberProblem(kind.bounds, most);
      return problem ?? (Number(least) > Number(most) ? 'The first number may not be above the second.' : null);
    }
    case 'list': {
      const items: unknown[] = Array.isArray(value) ? value : [];
      if (items.length > kind.mostItems) return `At most ${kind.mostItems} numbers.`;
      return items.map((item) => numberProblem(kind.bounds, item)).find((problem) => problem !== null) ?? null;
    }
    case 'length': {
      const chosen = kind.units.find(({ unit }) => unit === valueAt(value, 'unit'));
      return chosen === undefined ? 'Choose a unit.' : numberProblem(chosen.bounds, valueAt(value, 'amount'));
    }
    case 'choice':
      return kind.values.some((one) => one === value) ? null : 'Choose one of the list.';
    case 'toggle':
      return typeof value === 'boolean' ? null : 'Choose yes or no.';
  }
}

function numberProblem(bounds: NumberBounds, value: unknown): string | null {
  const { least, most, isWhole, isMostLeftOut } = bounds;
  const isNumber = typeof value === 'number' && Number.isFinite(value);
  const isInside = isNumber && value >= least && (isMostLeftOut ? value < most : value <= most);
  if (isInside && (!isWhole || Number.isInteger(value))) return null;
  return `A ${isWhole ? 'whole ' : ''}number from ${boundsText(bounds)}.`;
}
