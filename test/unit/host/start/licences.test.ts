import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { licencesDocument, packagesOf } from '../../../../src-main/host/start/licences.mjs';
import { top } from '../../../support/files.ts';

const read = (name: string): string => readFileSync(join(top, name), 'utf8');

describe('the list of third-party licences', () => {
  const packages = packagesOf(JSON.parse(read('package-lock.json')) as Parameters<typeof packagesOf>[0]);

  it('is the one that the lock file gives; `npm run licences` writes it anew', () => {
    expect(read('THIRD-PARTY.md')).toBe(licencesDocument(packages));
  });

  it('offers the source of the FFmpeg that is used', () => {
    const decoder = packages.find(({ name }) => name === 'node-av');
    expect(decoder?.isShipped).toBe(true);
    expect(read('THIRD-PARTY.md')).toContain(`under the tag \`v${decoder?.version ?? '?'}\``);
  });

  it('names every package that the application itself depends on as shipped, and no test tool', () => {
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };
    const shipped = new Set(packages.filter(({ isShipped }) => isShipped).map(({ name }) => name));
    expect(Object.keys(dependencies).filter((name) => !shipped.has(name))).toEqual([]);
    expect(['svelte', 'bits-ui', '@floating-ui/core', 'electron'].filter((name) => !shipped.has(name))).toEqual([]);
    expect(['vitest', 'eslint', 'playwright-core'].filter((name) => shipped.has(name))).toEqual([]);
  });

  it('refuses a package whose licence nobody has read', () => {
    expect(() => packagesOf({ packages: { 'node_modules/x': { version: '1.0.0' } } })).toThrow(/names no licence of x/);
  });

  it('holds only licences that may be combined with GPL-3.0-or-later in what is shipped', () => {
    const fit = /MIT|ISC|BSD|Apache|MPL-2\.0|BlueOak|0BSD|Unlicense|CC0|LGPL|GPL-[23]\.0-or-later/;
    expect(packages.filter(({ isShipped, licence }) => isShipped && !fit.test(licence))).toEqual([]);
  });
});

describe('CITATION.cff', () => {
  it('cites the version of the package, under its licence', () => {
    const { version, license } = JSON.parse(read('package.json')) as { version: string; license: string };
    expect(read('CITATION.cff')).toContain(`\nversion: ${version}\n`);
    expect(read('CITATION.cff')).toContain(`\nlicense: ${license}\n`);
  });
});
