/** @file Values inside settings by their place, such as `optimizer.learningRate`. Pure. */

/** The value at a place; undefined where there is none. */
export function valueAt(settings: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((at, name) => (isRecord(at) ? at[name] : undefined), settings);
}

/** A copy with another value at a place; everything that is not on the way is shared. */
export function withValue<Settings>(settings: Settings, path: string, value: unknown): Settings {
  const [name = '', ...rest] = path.split('.');
  const record: Record<string, unknown> = isRecord(settings) ? settings : {};
  const inner = rest.length === 0 ? value : withValue(record[name], rest.join('.'), value);
  return { ...record, [name]: inner } as Settings;
}

/** True for the same value: numbers, lists and plain objects by what they hold. */
export function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (Array.isArray(one) || Array.isArray(other))
    return Array.isArray(one) && Array.isArray(other) && one.length === other.length && one.every((each, i) => isSame(each, other[i]));
  if (!isRecord(one) || !isRecord(other)) return false;
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => isSame(one[name], other[name]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
