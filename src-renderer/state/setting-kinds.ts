/** @file What may be put into each setting of a run, read from the contract's schema, and what is wrong with what was put there. */
import { pretraining } from '../../src-main/contract/index.ts';
import type { pretraining as types } from '../../src-main/contract/index.ts';
import { formatExact } from '../lib/figures.ts';
import { valueAt } from '../lib/setting-paths.ts';

/** Numbers that a setting takes. */
export type NumberBounds = { least: number; most: number; isWhole: boolean; isMostLeftOut: boolean };

/** What a setting holds. */
export type SettingKind =
  | { kind: 'number'; bounds: NumberBounds }
  /** A number or nothing. */
  | { kind: 'optional'; bounds: NumberBounds }
  /** `{least, most}` */
  | { kind: 'range'; bounds: NumberBounds }
  | { kind: 'list'; bounds: NumberBounds; mostItems: number }
  | { kind: 'choice'; values: readonly (string | number)[] }
  | { kind: 'toggle' }
  /** `{unit, amount}` */
  | { kind: 'length'; units: readonly { unit: string; bounds: NumberBounds }[] };

/** A part of the schema as JSON Schema writes it. */
type Part = {
  type?: string;
  enum?: (string | number)[];
  const?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMaximum?: number;
  maxItems?: number;
  items?: Part;
  properties?: Record<string, Part>;
  oneOf?: Part[];
  anyOf?: Part[];
};

let schema: Part | undefined;

/** What the setting at a place holds in these settings; null where they have none there. */
export function kindAt(settings: types.PretrainSettings, path: string): SettingKind | null {
  schema ??= pretraining.pretrainSettingsSchema.toJSONSchema() as Part;
  let part: Part | undefined = schema;
  let value: unknown = settings;
  for (const name of path.split('.')) {
    part = part === undefined ? undefined : chosenPart(part, value);
    if (path.endsWith('.kind') && name === 'kind' && part !== undefined) return kindOfKinds(path, part);
    part = part?.properties?.[name];
    value = valueAt(value, name);
  }
  return part === undefined ? null : kindOf(part);
}

/** Of a part with several kinds, the one that the value is. */
function chosenPart(part: Part, value: unknown): Part | undefined {
  const options = part.oneOf ?? part.anyOf;
  return options === undefined ? part : options.find((option) => option.properties?.['kind']?.const === valueAt(value, 'kind'));
}

/** The kinds themselves are found beside each other, not inside the chosen one. */
function kindOfKinds(path: string, chosen: Part): SettingKind | null {
  const owner = schema?.properties?.[path.slice(0, -'.kind'.length)];
  const kinds = owner?.oneOf?.flatMap((option) => option.properties?.['kind']?.const ?? []);
  if (kinds !== undefined) return { kind: 'choice', values: kinds };
  const own = chosen.properties?.['kind'];
  return own === undefined ? null : kindOf(own);
}

function kindOf(part: Part): SettingKind | null {
  if (part.enum !== undefined) return { kind: 'choice', values: part.enum };
  if (part.type === 'boolean') return { kind: 'toggle' };
  if (part.type === 'array' && part.items !== undefined)
    return { kind: 'list', bounds: boundsOf(part.items), mostItems: part.maxItems ?? 1 };
  if (part.type === 'number' || part.type === 'integer') return { kind: 'number', bounds: boundsOf(part) };
  const least = part.properties?.['least'];
  if (least !== undefined) return { kind: 'range', bounds: boundsOf(least) };
  const options = part.oneOf ?? part.anyOf ?? [];
  const number = options.find((option) => option.type === 'number' || option.type === 'integer');
  if (number !== undefined) return { kind: 'optional', bounds: boundsOf(number) };
  const units = options.flatMap(({ properties }) => {
    const [unit, amount] = [properties?.['unit']?.const, properties?.['amount']];
    return unit === undefined || amount === undefined ? [] : [{ unit, bounds: boundsOf(amount) }];
  });
  return units.length > 0 ? { kind: 'length', units } : null;
}

function boundsOf({ type, minimum, maximum, exclusiveMaximum }: Part): NumberBounds {
  return {
    least: minimum ?? -Infinity,
    most: exclusiveMaximum ?? maximum ?? Infinity,
    isWhole: type === 'integer',
    isMostLeftOut: exclusiveMaximum !== undefined,
  };
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
