/** @file What each setting of a run takes, in words, as it was declared. */
import { pretraining } from '../../contract/index.ts';

type Shape = pretraining.Field['shape'];
type Bounds = Extract<Shape, { kind: 'number' }>['bounds'];

/** For example `a whole number from 2 to 8192`; null for a place that no single setting has. */
export function takes(settings: unknown, path: readonly string[]): string | null {
  const parts = pretraining.recipeParts[path.join('.')];
  if (parts !== undefined) return oneOf(parts);
  for (let end = path.length; end > 0; end--) {
    const field = pretraining.fieldAt(path.slice(0, end).join('.'), settings);
    if (field === undefined) continue;
    const value = path.slice(0, end).reduce(valueIn, settings);
    return within(field.shape, path.slice(end), value);
  }
  return null;
}

/** What a place inside a setting takes; the setting itself where `inner` is empty. */
function within(shape: Shape, inner: readonly string[], value: unknown): string | null {
  switch (shape.kind) {
    case 'number':
      return numberWords(shape.bounds);
    case 'optional':
      return `${numberWords(shape.bounds)} or null`;
    case 'range':
      return inner.length === 0 ? null : numberWords(shape.bounds);
    case 'list':
      return inner.length === 0
        ? `a list of at most ${shape.mostItems} such as [512], each ${numberWords(shape.bounds)}`
        : numberWords(shape.bounds);
    case 'choice':
      return oneOf(shape.values);
    case 'toggle':
      return 'true or false';
    case 'length': {
      if (inner[0] === 'unit') return oneOf(shape.units.map(({ unit }) => unit));
      const chosen = shape.units.find(({ unit }) => unit === valueIn(value, 'unit'));
      return inner.length === 0 || chosen === undefined ? null : numberWords(chosen.bounds);
    }
  }
}

function valueIn(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function oneOf(values: readonly (string | number)[]): string {
  return `one of ${values.join(', ')}`;
}

function numberWords({ least, most, isWhole, isMostLeftOut }: Bounds): string {
  return `a ${isWhole ? 'whole ' : ''}number from ${least} to ${isMostLeftOut ? 'below ' : ''}${most}`;
}
