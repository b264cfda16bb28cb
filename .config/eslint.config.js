/** @file Lint rules. The rooms' edges come from `edges.js`; see there. */
import { fileURLToPath } from 'node:url';
import globals from 'globals';
import svelte from 'eslint-plugin-svelte';
import typescript from 'typescript-eslint';
import { mainEdges, rendererEdges, rendererMainRooms, rendererRoot, narrowDoors, sideDoors } from './edges.js';

const top = fileURLToPath(new URL('..', import.meta.url));

/** Patterns that a file of `room` may not import, as `no-restricted-imports` takes them. */
function restrictions(side, room, edges) {
  const edge = edges[room];
  const closed = Object.keys(edges).filter((other) => other !== room && !edge.rooms.includes(other));
  const owned = new Set(Object.values(edges).flatMap((other) => other.packages ?? []));
  const packages = [...owned].filter((name) => !(edge.packages ?? []).includes(name));
  const patterns = closed.map((other) => ({
    regex: `^(\\.\\./)+${other}/`,
    message: `The room ${room} may not enter ${other} (.config/edges.js).`,
  }));
  if (edge.rooms.length > 0 && side === 'main') {
    for (const other of edge.rooms) {
      const doors = (narrowDoors[room]?.[other] ?? ['index.ts', ...(sideDoors[other] ?? [])])
        .map((door) => door.replace('.', '\\.'))
        .join('|');
      patterns.push({
        regex: `^(\\.\\./)+${other}/(?!(${doors})$)`,
        message: `Enter ${other} through its index.ts (or another door in .config/edges.js).`,
      });
    }
  }
  for (const name of packages)
    patterns.push({ regex: `^${name}(/|$)`, message: `The room ${room} may not use ${name} (.config/edges.js).` });
  return patterns;
}

const mainRules = Object.keys(mainEdges).map((room) => ({
  files: [`src-main/${room}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          ...restrictions('main', room, mainEdges),
          { regex: 'src-renderer', message: 'The main side may not enter the renderer.' },
        ],
      },
    ],
  },
}));

const closedMainRooms = Object.keys(mainEdges).filter((room) => !rendererMainRooms.includes(room));
const mainPattern = { regex: `src-main/(${closedMainRooms.join('|')})/`, message: 'The renderer may enter only contract.' };
const nodePattern = { regex: '^(node:|electron$)', message: 'The renderer has neither Node nor Electron.' };

const rendererRules = Object.keys(rendererEdges).map((room) => ({
  files: [`src-renderer/${room}/**/*.{ts,svelte}`],
  rules: {
    'no-restricted-imports': ['error', { patterns: [...restrictions('renderer', room, rendererEdges), mainPattern, nodePattern] }],
  },
}));

const closedToRoot = Object.keys(rendererEdges).filter((room) => !rendererRoot.includes(room));

/** Files whose types the linter asks the compiler for; the parts of components are looked at by svelte-check. */
const typed = ['src-main/**/*.ts', 'src-renderer/**/*.ts', 'test/**/*.ts'];

export default [
  { ignores: ['node_modules/**', 'out/**', 'test/fixtures/**'], basePath: top },
  ...typescript.configs.recommended.map((config) => ({ ...config, files: ['**/*.ts', '**/*.svelte'] })),
  ...svelte.configs.recommended,
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: typescript.parser, extraFileExtensions: ['.svelte'] } },
  },
  {
    basePath: top,
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
    rules: {
      'no-console': 'error',
      eqeqeq: 'error',
      'max-lines': ['error', { max: 400, skipBlankLines: false, skipComments: false }],
    },
  },
  ...typescript.configs.recommendedTypeCheckedOnly.map((config) => ({ ...config, basePath: top, files: typed })),
  {
    basePath: top,
    files: typed,
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: top } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // An interface may ask for a promise of one who has nothing to wait for; methods are handed over only where they keep no `this`.
      '@typescript-eslint/prefer-promise-reject-errors': ['error', { allowThrowingUnknown: true }],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    basePath: top,
    files: ['src-main/**/*.ts', 'src-renderer/**/*.ts'],
    rules: { 'max-lines-per-function': ['error', { max: 50, skipBlankLines: true, skipComments: true }] },
  },
  {
    basePath: top,
    files: ['**/*.ts', '**/*.svelte'],
    rules: {
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
    },
  },
  { files: ['**/*.svelte'], rules: { '@typescript-eslint/explicit-module-boundary-types': 'off', 'svelte/no-at-html-tags': 'error' } },
  { files: ['test/**/*.ts', '.config/**', 'src-main/host/**'], rules: { 'no-console': 'off' } },
  ...mainRules.map((rule) => ({ basePath: top, ...rule })),
  ...rendererRules.map((rule) => ({ basePath: top, ...rule })),
  {
    basePath: top,
    files: ['src-renderer/*.{ts,svelte}'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            mainPattern,
            nodePattern,
            ...closedToRoot.map((room) => ({ regex: `^\\./${room}/`, message: `The page's entry may not enter ${room}.` })),
          ],
        },
      ],
    },
  },
];
