/**
 * @file Where each column lies, as one style sheet instead of a style on every cell: cells that look alike then share one computed style, which
 * halves the browser's work when hundreds of them change at once.
 */
import { offsetOf } from './layout.ts';
import type { ColumnLayout } from './layout.ts';

/** Rules for the cells of columns, pinned ones first; their class is `<name>-<column>`. */
export function columnRules(name: string, pinned: ColumnLayout, scrolled: ColumnLayout): string {
  const rules: string[] = [];
  for (const layout of [pinned, scrolled]) {
    for (let column = 0; column + 1 < layout.offsetsPx.length; column++) {
      const left = offsetOf(layout, column);
      rules.push(`.${name}-${rules.length}{left:${left}px;width:${offsetOf(layout, column + 1) - left}px}`);
    }
  }
  return rules.join('');
}

/** A style sheet of the page that is written anew as a whole. */
export class ColumnSheet {
  readonly #sheet = new CSSStyleSheet();

  /** Puts the sheet into the page; returns the way to take it out. */
  adopt(): () => void {
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, this.#sheet];
    return () => {
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== this.#sheet);
    };
  }

  /** Replaces all rules. */
  write(rules: string): void {
    this.#sheet.replaceSync(rules);
  }
}
