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

type Line = { number: number; text: string };

function findLines(content: string, isFound: (line: string) => boolean): Line[] {
  return content
    .split('\n')
    .map((line, index) => ({ number: index + 1, text: line }))
    .filter((line) => isFound(line.text));
}

const isSuppression = (line: string): boolean => suppressions.some((pattern) => pattern.test(line));
const isBareEffect = (line: string): boolean => /\$effect\b(?!\.(root|tracking))/.test(line);
const namesRegistry = (line: string): boolean => registries.some((host) => line.includes(host));

function places(pattern: RegExp, isFound: (line: string) => boolean): string[] {
  return listFiles()
    .filter((path) => pattern.test(path))
    .flatMap((path) => findLines(readFileSync(join(top, path), 'utf8'), isFound).map((line) => `${path}:${line.number}`));
}

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

  it('name no package registry', () => {
    expect(places(text, namesRegistry)).toEqual([]);
  });

  it('name what an effect depends on: a bare one runs again for everything that it happens to read', () => {
    const found = places(/^src-renderer\/.*\.(svelte|ts)$/, isBareEffect).filter((place) => !place.startsWith(`${effects}:`));
    expect(found).toEqual([]);
    expect(listFiles()).toContain(effects);
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

  it.each(suppressions.map((pattern) => pattern.source.replace(/^.*\?/, '')))('notice %s in every kind of comment', (word) => {
    for (const line of [`// @${word}`, `/* ${word} x */`, `<!-- ${word} x -->`]) expect(isSuppression(line)).toBe(true);
    expect(isSuppression(`const ${word.replaceAll('-', '')} = 1;`)).toBe(false);
  });

  it.each(registries)('notice %s', (host) => {
    expect(namesRegistry(`"resolved": "https://${host}/zod/-/zod-4.tgz"`)).toBe(true);
  });
});
