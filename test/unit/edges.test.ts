import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { circlesAmong } from '../support/circles.ts';
import { checkEdges, findCircle, mainEdges, narrowDoors, rendererEdges } from '../support/edges.ts';
import type { Source } from '../support/edges.ts';
import { listFiles, top } from '../support/files.ts';
import { importsOf } from '../support/imports.ts';

const sources: Source[] = ['src-main', 'src-renderer']
  .flatMap((side) => listFiles(side))
  .filter((path) => /\.(ts|mts|js|mjs|svelte)$/.test(path))
  .map((path) => ({ path, text: readFileSync(join(top, path), 'utf8') }));

describe('the rooms', () => {
  const { problems, edges } = checkEdges(sources);

  it('import only what the edge table allows', () => {
    expect(sources.length).toBeGreaterThan(30);
    expect(edges.length).toBeGreaterThan(5);
    expect(problems).toEqual([]);
  });

  it('do not enter one another in a circle', () => {
    expect(findCircle(edges)).toBeNull();
  });

  it('are not even allowed to enter one another in a circle', () => {
    for (const table of [mainEdges, rendererEdges]) {
      const allowed = Object.entries(table).flatMap(([room, edge]) => edge.rooms.map((to): [string, string] => [room, to]));
      expect(findCircle(allowed)).toBeNull();
    }
  });

  it('never enter host', () => {
    expect(edges.filter(([, to]) => to === 'src-main/host')).toEqual([]);
  });

  it('have an index.ts wherever another room enters', () => {
    const entered = new Set(edges.map(([, to]) => to).filter((to) => to.startsWith('src-main/') && to !== 'src-main/worker'));
    const paths = new Set(sources.map(({ path }) => path));
    expect([...entered].filter((room) => !paths.has(`${room}/index.ts`))).toEqual([]);
  });
});

describe('doors that pages come through', () => {
  it('lead to nothing but plain code', () => {
    const doors = Object.values(narrowDoors).flatMap((rooms) =>
      Object.entries(rooms).flatMap(([room, files]) => files.map((file) => `src-main/${room}/${file}`)),
    );
    const reached = new Set(doors);
    for (const path of reached) {
      const { text } = sources.find((source) => source.path === path) ?? { text: '' };
      expect(text, path).not.toBe('');
      for (const { from } of importsOf(path, text)) {
        expect(from, path).toMatch(/^\./);
        reached.add(posix.join(posix.dirname(path), from));
      }
    }
    expect(reached.size).toBeGreaterThan(doors.length);
  });
});

describe('files', () => {
  it('do not import one another in a circle, types included', () => {
    expect(circlesAmong(sources)).toEqual([]);
  });

  it('are found in a circle over any number of others', () => {
    const file = (path: string, ...from: string[]): Source => ({
      path,
      text: from.map((other) => `import type { X } from '${other}';`).join('\n'),
    });
    const circle = [file('a/one.ts', './two.ts'), file('a/two.ts', '../b/three.ts'), file('b/three.ts', '../a/one.ts')];
    const beside = [file('b/four.ts', '../a/one.ts'), file('b/five.ts', './four.ts'), file('b/six.ts', './five.ts', './four.ts')];
    expect(circlesAmong([...beside, ...circle])).toEqual([['a/one.ts', 'a/two.ts', 'b/three.ts']]);
    const started = { path: 'a/self.ts', text: `new Worker(new URL('./self.ts', import.meta.url));` };
    expect(circlesAmong([started, ...beside])).toEqual([]);
  });
});

describe('checkEdges', () => {
  const planted: [what: string, path: string, text: string, says: RegExp][] = [
    ['a room that is closed', 'src-main/store/a.ts', `import { x } from '../audio/index.ts';`, /store may not enter audio/],
    ['a way past index.ts', 'src-main/service/a.ts', `import { x } from '../store/tracks.ts';`, /through its index\.ts/],
    [
      'a door that is not pure',
      'src-main/contract/a.ts',
      `import { x } from '../learn/index.ts';`,
      /contract enters learn by about\.ts alone/,
    ],
    ['the host', 'src-main/service/a.ts', `import { x } from '../host/index.ts';`, /service may not enter host/],
    ['a type of a closed room', 'src-main/base/a.ts', `import type { X } from '../contract/index.ts';`, /base may not enter contract/],
    ['a re-export', 'src-main/base/a.ts', `export { x } from '../store/index.ts';`, /base may not enter store/],
    ['a dynamic import', 'src-main/audio/a.ts', `const x = await import('../compute/index.ts');`, /audio may not enter compute/],
    ['an import type', 'src-main/audio/a.ts', `let x: import('../compute/index.ts').X;`, /audio may not enter compute/],
    [
      'a worker',
      'src-main/audio/a.ts',
      `new Worker(new URL('../worker/decode-thread.ts', import.meta.url));`,
      /audio may not enter worker/,
    ],
    ['a worker’s entry that is run in place', 'src-main/host/a.ts', `import '../worker/index-process.ts';`, /through its index\.ts/],
    ['a package of another room', 'src-main/service/a.ts', `import Database from 'better-sqlite3';`, /better-sqlite3 belongs to store/],
    [
      'a path below such a package',
      'src-main/service/a.ts',
      `import { x } from '@orpc/server/message-port';`,
      /@orpc\/server belongs to rpc/,
    ],
    ['a room without a row', 'src-main/utils/a.ts', '', /utils is not in the table/],
    ['the tests', 'src-main/service/a.ts', `import { x } from '../../test/bench/index.ts';`, /neither in src-main nor/],
    ['a file outside the rooms', 'src-main/a.ts', '', /belong into a room/],
    [
      'the renderer from the main side',
      'src-main/host/a.ts',
      `import { x } from '../../src-renderer/lib/x.ts';`,
      /may not enter the renderer/,
    ],
    [
      'the main side from the renderer',
      'src-renderer/state/a.ts',
      `import { x } from '../../src-main/store/index.ts';`,
      /may not enter store/,
    ],
    [
      'a value of the contract',
      'src-renderer/plot/a.ts',
      `import { x } from '../../src-main/contract/index.ts';`,
      /types of contract alone/,
    ],
    ['Node in the renderer', 'src-renderer/lib/a.ts', `import { x } from 'node:fs';`, /neither Node nor Electron/],
    ['Electron in the renderer', 'src-renderer/view/a.ts', `import { x } from 'electron';`, /neither Node nor Electron/],
    [
      'a script block',
      'src-renderer/ui/A.svelte',
      `<script lang="ts">import X from '../view/X.svelte';</script><p>x</p>`,
      /ui may not enter view/,
    ],
    [
      'a module script block',
      'src-renderer/ui/A.svelte',
      `<script module>import X from '../state/x.ts';</script>`,
      /ui may not enter state/,
    ],
    [
      'a dynamic import in markup',
      'src-renderer/ui/A.svelte',
      `{#await import('../view/X.svelte') then X}{/await}`,
      /ui may not enter view/,
    ],
    ['the page’s entry', 'src-renderer/main.ts', `import { x } from './player/x.ts';`, /entry may not enter player/],
  ];

  it.each(planted)('catches %s', (_, path, text, says) => {
    const { problems } = checkEdges([{ path, text }]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(says);
  });

  it('accepts what the table allows', () => {
    const allowed: Source[] = [
      {
        path: 'src-main/store/a.ts',
        text: `import { AppError } from '../base/index.ts'; import Database from 'better-sqlite3'; import 'node:fs';`,
      },
      { path: 'src-main/store/deep/a.ts', text: `import { x } from '../b.ts'; // import '../../audio/index.ts'` },
      { path: 'src-main/host/cli/a.ts', text: `await import('../../../test/bench/index.ts');` },
      { path: 'src-main/host/a.ts', text: `new URL('../worker/index-process.ts', import.meta.url)` },
      { path: 'src-renderer/plot/a.ts', text: `import type { Track } from '../../src-main/contract/index.ts';` },
      {
        path: 'src-renderer/view/A.svelte',
        text: `<script lang="ts">import { x } from '../state/x.svelte.ts'; import './a.css';</script>`,
      },
    ];
    expect(checkEdges(allowed).problems).toEqual([]);
  });
});

/** Files and packages that come into a process or thread with its entry. */
function loadedBy(entry: string): { files: Set<string>; packages: Set<string> } {
  const [files, packages] = [new Set<string>(), new Set<string>()];
  const pending = [entry];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (files.has(path)) continue;
    files.add(path);
    for (const { from, kind } of importsOf(path, readFileSync(join(top, path), 'utf8'))) {
      if (kind !== 'value') continue;
      if (from.startsWith('.')) pending.push(posix.join(posix.dirname(path), from));
      else packages.add(from.split('/')[0] ?? from);
    }
  }
  return { files, packages };
}

describe('the core', () => {
  it('never loads a codec: decoders belong to child processes', () => {
    const { files, packages } = loadedBy('src-main/host/core.ts');
    expect(files.size).toBeGreaterThan(50);
    expect(packages).toContain('better-sqlite3');
    for (const codec of ['node-av', 'taglib-wasm']) expect(packages).not.toContain(codec);
  });
});

describe('a thread that searches', () => {
  it('loads no package at all, the database least of all', () => {
    const { files, packages } = loadedBy('src-main/worker/scan-thread.ts');
    expect(files).toContain('src-main/store/neighbours/kernel.ts');
    expect([...packages].filter((name) => !name.startsWith('node:'))).toEqual([]);
  });
});

describe('importsOf', () => {
  it('tells types from values', () => {
    const text = `import type { A } from 'a'; import { type B } from 'b'; import { type C, d } from 'c'; import 'e'; export type { F } from 'f';`;
    expect(importsOf('x.ts', text).map(({ from, kind }) => [from, kind])).toEqual([
      ['a', 'type'],
      ['b', 'type'],
      ['c', 'value'],
      ['e', 'value'],
      ['f', 'type'],
    ]);
  });

  it('is not fooled by comments and text', () => {
    expect(importsOf('x.ts', `// import 'a'\nconst text = "import 'b'"; /* export * from 'c' */`)).toEqual([]);
  });
});

describe('findCircle', () => {
  it('finds a circle and names it', () => {
    expect(
      findCircle([
        ['a', 'b'],
        ['b', 'c'],
        ['c', 'b'],
      ]),
    ).toEqual(['b', 'c', 'b']);
  });

  it('finds none where two ways lead to one place', () => {
    expect(
      findCircle([
        ['a', 'b'],
        ['a', 'c'],
        ['b', 'd'],
        ['c', 'd'],
      ]),
    ).toBeNull();
  });
});
