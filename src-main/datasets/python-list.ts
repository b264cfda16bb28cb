/** @file Lists as Python prints them (`[1, 0.0]`, `['rock', "drum 'n' bass"]`), read by a strict parser: numbers and strings, nothing is run, no pickle is read. */

/** A list’s items; null for anything else: calls, names, lists in lists, text behind the list. */
export function pythonList(text: string): (number | string)[] | null {
  const trimmed = text.trim();
  if (!trimmed.startsWith('[') || !trimmed.endsWith(']')) return null;
  const items: (number | string)[] = [];
  const item = /\s*(?:(-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|'((?:[^'\\\n]|\\['"\\])*)'|"((?:[^"\\\n]|\\['"\\])*)")\s*(,|$)/y;
  const inner = trimmed.slice(1, -1);
  if (inner.trim() === '') return items;
  for (let at = 0; at < inner.length;) {
    item.lastIndex = at;
    const found = item.exec(inner);
    if (found === null) return null;
    const [all, number, single, double] = found;
    items.push(number === undefined ? (single ?? double ?? '').replace(/\\(.)/g, '$1') : Number(number));
    at += all.length;
  }
  return items;
}

/** A list of numbers; null for anything else. */
export function pythonNumbers(text: string): number[] | null {
  const items = pythonList(text);
  return items !== null && items.every((item) => typeof item === 'number') ? items : null;
}

/** A list of strings; null for anything else. */
export function pythonStrings(text: string): string[] | null {
  const items = pythonList(text);
  return items !== null && items.every((item) => typeof item === 'string') ? items : null;
}
