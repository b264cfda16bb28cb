import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listFiles, top } from '../support/files.ts';

const longest = 400;
const code = /\.(ts|mts|cts|js|mjs|cjs|svelte|css|html)$/;
const text = /\.(ts|mts|cts|js|mjs|cjs|svelte|css|html|md|json|yml|yaml|sh|txt|svg)$|^\.ci\/|^\.npmrc$/;

/** Written in pieces, so that this file does not name what it looks for. */
const suppressions = ['ts-ignore', 'ts-nocheck', 'ts-expect-error', 'eslint-disable', 'prettier-ignore', 'svelte-ignore'].map(
  (word) => new RegExp(`(//|/\\*|<!--)\\s*@?${word}`),
);
const registries = [
  ['registry', 'npmjs', 'org'],
  ['registry', 'yarnpkg', 'com'],
  ['pypi', 'org'],
  ['files', 'pythonhosted', 'org'],
  ['npmmirror', 'com'],
].map((parts) => parts.join('.'));

/** Where the two kinds of effects are made; all else uses those. */
const effects = 'src-renderer/lib/effects.svelte.ts';

/** What makes a test depend on a clock: a limit below a minute, a wait that only lets time pass, Vitest's own short limit, a page without the shared one. */
const clocks: readonly { what: string; pattern: RegExp; except: readonly string[] }[] = [
  { what: 'a limit of a second', pattern: /\bvi\.wait(For|Until)\(/, except: ['test/support/wait-for.ts'] },
  { what: 'a page without the shared limit', pattern: /\.(newPage|newContext)\(/, except: ['test/support/browser.ts'] },
  { what: 'a pause', pattern: /waitForTimeout/, except: [] },
  {
    what: 'what a page shows, read once',
    pattern: new RegExp(
      `\\bexpect\\(await .*\\.(is(Visible|Hidden|Enabled|Disabled|Checked|Editable)|inputValue|textContent|innerText|getAttribute|count)\\(`,
    ),
    except: [],
  },
  { what: 'a limit below a minute', pattern: /\btimeout: ?(?:\d{1,4}|[1-5]?\d_\d{3})(?![\d_])/, except: [] },
  {
    what: 'a limit of its own, lower than that of all tests',
    pattern: /^\s*(?:\}, (?:\d{4,}|\d[\d_]*_\d{3})\);|\d[\d_]*_000 \* .*,)$/,
    except: [],
  },
  {
    what: 'a pause in the flow',
    pattern: /setTimeout\((resolve|done|r)\b|\bwait\(/,
    except: [
      // Stand-ins take as long as a test tells them to, and look again and again where they are told.
      ...['test/support/seed/pace.ts', 'test/support/seed/core.ts'],
      ...['test/support/entries/paced-train-process.ts', 'test/support/entries/stand-in-train-process.ts'],
      // The moment at which a process is killed is drawn; it is to be any.
      ...['test/e2e/kill-writing.test.ts', 'test/store/crash.test.ts'],
      // These wait for what tells nobody: the end of a process that is not their child, a state that another process writes.
      ...['test/unit/service/processes/orphans.test.ts', 'test/unit/service/processes/head-worker.test.ts'],
      // Nothing tells that a paused job does nothing more; too short a time can only pass.
      'test/unit/service/crashes.test.ts',
    ],
  },
];

type Line = { number: number; text: string };

function findLines(content: string, isFound: (line: string) => boolean): Line[] {
  return content
    .split('\n')
    .map((line, index) => ({ number: index + 1, text: line }))
    .filter((line) => isFound(line.text));
}

const isSuppression = (line: string): boolean => suppressions.some((pattern) => pattern.test(line));
/** In what people read, apostrophes are curved; comments are for others. */
const isStraightApostrophe = (line: string): boolean =>
  /[A-Za-z]'(?:s|t|re|ve)\b/.test(line.replace(/(^|\s)\/\/ .*|\/\*.*|^\s*\*.*|<!--.*/, ''));
const isBareEffect = (line: string): boolean => /\$effect\b(?!\.(root|tracking))/.test(line);
/** Handlers that are written out; those of a core are copied, and single ones replaced. */
const isFakeOfContract = (line: string): boolean => /(:|satisfies) Handlers(\['\w+'\])? = \{|\} satisfies Handlers\b/.test(line);
const namesRegistry = (line: string): boolean => registries.some((host) => line.includes(host));

function places(pattern: RegExp, isFound: (line: string) => boolean): string[] {
  return listFiles()
    .filter((path) => pattern.test(path))
    .flatMap((path) => findLines(readFileSync(join(top, path), 'utf8'), isFound).map((line) => `${path}:${line.number}`));
}

const isTest = /^test\/(?!bench\/|fixtures\/).*\.ts$/;
/** This file shows what it looks for. */
const own = 'test/unit/house.test.ts';

describe('the sources', () => {
  it('keep every file within 400 lines', () => {
    const long = listFiles()
      .filter((path) => code.test(path) && !path.startsWith('test/fixtures/'))
      .map((path) => ({ path, lines: readFileSync(join(top, path), 'utf8').trimEnd().split('\n').length }))
      .filter(({ lines }) => lines > longest);
    expect(long).toEqual([]);
  });

  it('switch off no check', () => {
    expect(places(code, isSuppression)).toEqual([]);
  });

  it('have no straight apostrophe in what people read', () => {
    // The name of a format, as its own program writes it.
    const found = places(/^src-(main|renderer)\/.*\.(ts|svelte)$/, isStraightApostrophe).filter(
      (place) => !place.includes('/track-file.ts:'),
    );
    expect(found).toEqual([]);
  });

  it('name no package registry', () => {
    expect(places(text, namesRegistry)).toEqual([]);
  });

  it('name what an effect depends on: a bare one runs again for everything that it happens to read', () => {
    const found = places(/^src-renderer\/.*\.(svelte|ts)$/, isBareEffect).filter((place) => !place.startsWith(`${effects}:`));
    expect(found).toEqual([]);
    expect(listFiles()).toContain(effects);
  });

  it('call nothing but a floating hint one: its dark ground is the same for the whole page', () => {
    const isHint = (line: string): boolean => /class="(?:[^"]* )?hint(?: [^"]*)?"/.test(line);
    expect(isHint('<span class="note hint">')).toBe(true);
    expect(isHint('<p class="field-hint">')).toBe(false);
    const found = places(/^src-renderer\/.*\.svelte$/, isHint).filter((place) => !place.startsWith('src-renderer/ui/Hint.svelte:'));
    expect(found).toEqual([]);
  });

  it('place what floats by the window, so that nothing that scrolls or hides what is too long cuts it off', () => {
    const floating = /^\s*<(Tooltip|Select|DropdownMenu|Popover)\.Content\b/;
    const cutOff = listFiles()
      .filter((path) => path.startsWith('src-renderer/') && path.endsWith('.svelte'))
      .filter((path) => {
        const lines = readFileSync(join(top, path), 'utf8').split('\n');
        return lines.some(
          (line, at) =>
            floating.test(line) &&
            !lines
              .slice(at, at + 14)
              .join(' ')
              .split('>')[0]
              ?.includes('strategy="fixed"'),
        );
      });
    expect(cutOff).toEqual([]);
  });

  it('start threads steadily: V8 ends the whole process otherwise, now and then', () => {
    const started = listFiles()
      .filter((path) => path.startsWith('src-main/') && path.endsWith('.ts'))
      .map((path) => ({ path, content: readFileSync(join(top, path), 'utf8') }))
      .filter(({ content }) => content.includes('new Worker('));
    expect(started.length).toBeGreaterThan(4);
    expect(started.filter(({ content }) => !/\n *steadyThreads\(\);\n.*new Worker\(/.test(content)).map(({ path }) => path)).toEqual([]);
  });

  it('wait in tests for what happens, never for a time to pass', () => {
    for (const { what, pattern, except } of clocks) {
      const found = places(isTest, (line) => pattern.test(line)).filter(
        (place) => ![own, ...except].some((path) => place.startsWith(`${path}:`)),
      );
      expect(found, what).toEqual([]);
      for (const path of except)
        expect(
          places(isTest, (line) => pattern.test(line)).some((place) => place.startsWith(`${path}:`)),
          path,
        ).toBe(true);
    }
  });

  it('let nothing stand in for the core in tests: the real one runs on a seeded library', () => {
    const fakes = listFiles().filter((path) => /^test\/(support|e2e|bench)\/(.*\/)?(serve-)?fake-/.test(path));
    expect([...fakes, ...places(isTest, isFakeOfContract).filter((place) => !place.startsWith(`${own}:`))]).toEqual([]);
  });

  it('are looked at, all rooms of them', () => {
    const paths = listFiles();
    expect(paths).toContain('package-lock.json');
    expect(paths).toContain('.ci/run');
    expect(paths.filter((path) => path.startsWith('src-main/')).length).toBeGreaterThan(30);
    expect(paths.some((path) => path.startsWith('node_modules/'))).toBe(false);
  });
});

describe('the rules', () => {
  it('notice an effect that does not name what it depends on', () => {
    for (const line of ['$effect(() => load(id));', '  $effect.pre(() => sheet.adopt());', 'const run = $effect'])
      expect(isBareEffect(line)).toBe(true);
    for (const line of ['watch([() => id], load);', 'const $effects = 1;', '$effect.root(run)']) expect(isBareEffect(line)).toBe(false);
  });

  it('notice what stands in for the contract', () => {
    for (const line of ['const handlers: Handlers = {', "  const own: Handlers['tags'] = {", '} satisfies Handlers;'])
      expect(isFakeOfContract(line), line).toBe(true);
    for (const line of [
      'handlers: Handlers;',
      'const handlers = ownHandlers();',
      '(change: (handlers: Handlers) => void = () => undefined) => {',
    ])
      expect(isFakeOfContract(line), line).toBe(false);
  });

  it('notice a straight apostrophe', () => {
    for (const line of ["  const says = `the run's folder`;", "  <p>It isn't there.</p>"])
      expect(isStraightApostrophe(line), line).toBe(true);
    for (const line of ["// the run's folder", " * the run's folder", "const x = 's';", "f('a', 'b'); // it's"])
      expect(isStraightApostrophe(line), line).toBe(false);
  });

  it('notice what depends on a clock', () => {
    const isClock = (line: string): boolean => clocks.some(({ pattern }) => pattern.test(line));
    for (const line of [
      ...['await vi.waitFor(check);', 'await page.waitForTimeout(500);', 'browser.newPage()', '{ timeout: 500 }', '{ timeout: 20_000 }'],
      ...['{ timeout: 59_999 }', '{ timeout:5 }', 'new Promise((resolve) => setTimeout(resolve, 5))', 'await wait(20);', '  }, 120_000);'],
      ...['    60_000 * Math.max(5, rounds),', 'expect(await field.inputValue()).toBe(1)', 'expect(await row(1).count()).toBe(0)'],
    ])
      expect(isClock(line), line).toBe(true);
    for (const line of [
      '{ timeout: 60_000 }',
      '{ timeout: 600_000 }',
      '{ timeout: 1_200_000 }',
      ...['await waitFor(check);', 'await eventually(() => field.inputValue()).toBe(1)'],
      'setTimeout(() => child.kill(), 5)',
    ])
      expect(isClock(line), line).toBe(false);
  });

  it.each(suppressions.map((pattern) => pattern.source.replace(/^.*\?/, '')))('notice %s in every kind of comment', (word) => {
    for (const line of [`// @${word}`, `/* ${word} x */`, `<!-- ${word} x -->`]) expect(isSuppression(line)).toBe(true);
    expect(isSuppression(`const ${word.replaceAll('-', '')} = 1;`)).toBe(false);
  });

  it.each(registries)('notice %s', (host) => {
    expect(namesRegistry(`"resolved": "https://${host}/zod/-/zod-4.tgz"`)).toBe(true);
  });
});
