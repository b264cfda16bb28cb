/**
 * @file Who may import whom. This one table is read by the linter (`eslint.config.js`) and by `test/unit/edges.test.ts`.
 *
 * A room is a folder below `src-main` or `src-renderer`. Each row lists the rooms of the same side that it may enter, besides itself, and the
 * npm packages that it alone (or with the rooms that list them too) may use. A package that appears in no row may be used by every room.
 */

/** @typedef {{ rooms: string[], packages?: string[] }} Edge */

/** @type {Record<string, Edge>} */
export const mainEdges = {
  base: { rooms: [] },
  contract: { rooms: ['base', 'audio', 'learn', 'inspect'], packages: ['zod', '@orpc/contract'] },
  audio: { rooms: ['base'], packages: ['node-av', 'taglib-wasm'] },
  learn: { rooms: ['base'], packages: ['@tensorflow/tfjs-core'] },
  inspect: { rooms: ['base'] },
  datasets: { rooms: ['base'] },
  compute: { rooms: ['base', 'learn'], packages: ['onnxruntime-node', '@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-cpu'] },
  store: { rooms: ['base', 'contract'], packages: ['better-sqlite3'] },
  service: { rooms: ['base', 'contract', 'audio', 'learn', 'compute', 'store', 'datasets', 'inspect'] },
  worker: { rooms: ['base', 'contract', 'audio', 'learn', 'compute', 'store', 'inspect', 'service'] },
  rpc: {
    rooms: ['base', 'contract', 'service'],
    packages: ['@orpc/server', '@orpc/client', '@orpc/contract', '@orpc/standard-server-peer', 'ws'],
  },
  host: {
    rooms: ['base', 'contract', 'audio', 'learn', 'compute', 'store', 'datasets', 'inspect', 'service', 'worker', 'rpc'],
    packages: ['electron', 'ws', 'commander', 'electron-vite'],
  },
};

/**
 * Doors besides `index.ts`. `audio/about.ts` tells names and scales without loading a codec: the core uses no other, so that decoders never come
 * into its process. `base/counts.ts`, `base/settings.ts`, `audio/augment/settings.ts` and `learn/about.ts` are pure, so that pages have them too. `base/parent-watch.ts` starts threads and `base/steady-threads.ts` is called before that, which no page can. `store/neighbours/thread.ts` is what scanning threads do, and
 * `store/activations/thread.ts` what inspecting ones read, without the database.
 * @type {Record<string, string[]>}
 */
export const sideDoors = {
  base: ['counts.ts', 'parent-watch.ts', 'settings.ts', 'steady-threads.ts'],
  audio: ['about.ts', 'augment/settings.ts'],
  learn: ['about.ts'],
  store: ['activations/thread.ts', 'neighbours/thread.ts'],
};

/**
 * Rooms that some rooms may enter by these doors alone. The contract comes into the page, so it takes what is pure: how settings are declared, which
 * there are, and how figures are drawn.
 * @type {Record<string, Record<string, string[]>>}
 */
export const narrowDoors = {
  contract: { base: ['counts.ts', 'settings.ts'], audio: ['augment/settings.ts'], learn: ['about.ts'], inspect: ['drawing/index.ts'] },
};

/** The renderer enters `src-main/contract` (and through it nothing else) from `client`, `lib`, `state` and `view`; types alone from everywhere. */
/** @type {Record<string, Edge>} */
export const rendererEdges = {
  lib: { rooms: [] },
  ui: { rooms: ['lib'], packages: ['bits-ui'] },
  plot: { rooms: ['lib'] },
  player: { rooms: ['ui', 'lib', 'plot'], packages: ['wavesurfer.js'] },
  client: { rooms: ['lib'], packages: ['@orpc/client', '@orpc/contract'] },
  state: { rooms: ['client', 'lib'] },
  view: { rooms: ['state', 'client', 'player', 'ui', 'lib', 'plot'], packages: ['bits-ui'] },
};

/** Files directly below `src-renderer` (the page's entry) may enter these. */
export const rendererRoot = ['view', 'state', 'client', 'ui', 'lib'];

/** Rooms of the main side that the renderer may enter. */
export const rendererMainRooms = ['contract'];
