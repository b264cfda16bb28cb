/** @file Text from files and tags on its way to a terminal, which would take some of its characters for orders. */

const controls = /[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** Shows control characters and those that turn the direction of writing, instead of carrying them out. Line feeds and tabs stay. */
export function visibleText(text: string): string {
  return text.replace(controls, (character) => (character === '\n' || character === '\t' ? character : shown(character)));
}

/** The same for what stands on one line: a line feed in a title would forge the next row. */
export function visibleLine(text: string): string {
  return text.replace(controls, shown);
}

/** A control picture where there is one (`␛`), else `\u009b`. */
function shown(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? '\u2421' : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** JSON for a terminal: what `JSON.stringify` leaves as it is though a terminal carries it out is escaped. */
export function visibleJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(/[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
