/** @file Styles of a kind stand in one place: what two components of a view need alike is a class of `ui/controls.css`. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const views = new URL('../../../src-renderer/view', import.meta.url).pathname;

/** A rule that says so little may be said twice. */
const leastDeclarations = 4;

/** Rules of a component, with their declarations in order. */
function rulesOf(path: string): { selector: string; body: string; declarations: number }[] {
  const style = /<style>([^]*)<\/style>/.exec(readFileSync(path, 'utf8'))?.[1] ?? '';
  return [...style.matchAll(/([^{}]+)\{([^{}]*)\}/g)].map(([, selector = '', body = '']) => {
    const declarations = body
      .split(';')
      .map((one) => one.trim())
      .filter((one) => one !== '');
    return { selector: selector.trim().replace(/\s+/g, ' '), body: declarations.toSorted().join('; '), declarations: declarations.length };
  });
}

const components = readdirSync(join(views, 'pretrain')).filter((name) => name.endsWith('.svelte'));

it('no two components of a view write the same rule', () => {
  const places = new Map<string, string[]>();
  for (const name of components)
    for (const { selector, body, declarations } of rulesOf(join(views, 'pretrain', name)))
      if (declarations >= leastDeclarations)
        places.set(`${selector} { ${body} }`, [...(places.get(`${selector} { ${body} }`) ?? []), name]);
  expect([...places].filter(([, names]) => new Set(names).size > 1)).toEqual([]);
});

it('tables of figures and rows of choices are styled in one place', () => {
  for (const name of ['LabelCounts', 'HeldOutFigures', 'LabelsChoice', 'TracksChoice']) {
    const selectors = rulesOf(join(views, 'pretrain', `${name}.svelte`)).map(({ selector }) => selector);
    expect([name, selectors.filter((one) => /^(table|thead|th|\.row)\b/.test(one))]).toEqual([name, []]);
    expect(readFileSync(join(views, 'pretrain', `${name}.svelte`), 'utf8')).toMatch(/class="(figures-table|choice-row)/);
  }
});
