/** @file `npm run licences`: writes the list of third-party licences (`THIRD-PARTY.md`) from the lock file. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { failWith, top } from './processes.mjs';

/** Packages of the lock file that name no licence in it, with what their own `LICENSE` files say. */
const unnamed = { '@shinyoshiaki/jspack': 'BSD-3-Clause', 'svelte-toolbelt': 'MIT' };

/** Development packages whose code is in the built interface or beside it: what they need goes with them. */
const built = ['svelte', 'bits-ui', '@internationalized/date', 'wavesurfer.js', 'electron'];

/**
 * What the list says of a package.
 * @typedef {{ name: string, version: string, licence: string, isShipped: boolean }} Package
 * @typedef {{ version?: string, license?: string, dev?: boolean, devOptional?: boolean, dependencies?: Record<string, string> }} Locked
 */

/**
 * Every package of a lock file, by name and version.
 * @param {{ packages: Record<string, Locked> }} lock npm's lock file, version 3
 * @returns {Package[]}
 * @throws {Error} for a package without a licence
 */
export function packagesOf(lock) {
  const shipped = shippedBy(lock.packages);
  /** @type {Map<string, Package>} */
  const found = new Map();
  for (const [place, locked] of Object.entries(lock.packages)) {
    if (place === '') continue;
    const name = place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const licence = locked.license ?? unnamed[/** @type {keyof typeof unnamed} */ (name)];
    if (licence === undefined)
      throw new Error(`The lock file names no licence of ${name}: read it in its package, and add it to licences.mjs.`);
    const key = `${name} ${locked.version}`;
    const isShipped = locked.dev !== true || shipped.has(place) || found.get(key)?.isShipped === true;
    found.set(key, { name, version: locked.version ?? '', licence, isShipped });
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.version < b.version ? -1 : 1));
}

/** Places of the packages that the built interface takes in. @param {Record<string, Locked>} packages */
function shippedBy(packages) {
  const shipped = new Set();
  const wanted = built.map((name) => `node_modules/${name}`);
  for (let place = wanted.pop(); place !== undefined; place = wanted.pop()) {
    if (shipped.has(place) || packages[place] === undefined) continue;
    shipped.add(place);
    for (const name of Object.keys(packages[place].dependencies ?? {})) {
      const nested = `${place}/node_modules/${name}`;
      wanted.push(packages[nested] === undefined ? `node_modules/${name}` : nested);
    }
  }
  return shipped;
}

/**
 * The list as a Markdown document.
 * @param {Package[]} packages
 */
export function licencesDocument(packages) {
  const nodeAv = packages.find(({ name }) => name === 'node-av')?.version ?? '';
  const table = (/** @type {Package[]} */ rows) =>
    [
      '| package | version | licence |',
      '|---|---|---|',
      ...rows.map(({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`),
    ].join('\n');
  return `# Third-party software

Earmark is licensed under GPL-3.0-or-later (see LICENSE). It stands on the work of others, listed here with their licences; each package carries its licence's text. This list is made from the lock file by \`npm run licences\`, and a test compares the two.

## FFmpeg, and where its source is

Audio is decoded by FFmpeg (https://ffmpeg.org), which comes as a binary inside the package \`node-av\` ${nodeAv}, built with its parts under the GPL; that makes the whole subject to the GPL. The complete corresponding source is what that package was built from: FFmpeg with the patches and build scripts that are published with node-av at https://github.com/seydx/node-av under the tag \`v${nodeAv}\`. Whoever received Earmark in a form without source may also have it from Earmark's maintainers, for three years after that version was published, for no more than the cost of the copy: ask as SECURITY.md says how to reach them.

## Sound

The demo library (\`resources/demo\`) was composed by Earmark's own program and played with the samples of FluidR3 GM by Frank Wen, which are under the MIT licence; it is in \`resources/demo/LICENCE-SAMPLES.txt\`.

| samples | version | licence |
|---|---|---|
| FluidR3 GM | 3.1 | MIT |

## In the application

${table(packages.filter(({ isShipped }) => isShipped))}

## For building and testing

${table(packages.filter(({ isShipped }) => !isShipped))}
`;
}

if (import.meta.filename === process.argv[1]) {
  try {
    const lock = JSON.parse(readFileSync(join(top, 'package-lock.json'), 'utf8'));
    writeFileSync(join(top, 'THIRD-PARTY.md'), licencesDocument(packagesOf(lock)));
  } catch (error) {
    process.exitCode = failWith(error);
  }
}
