/** @file Builds the three parts of the desktop application; the renderer's build is also what `serve` hands to a browser. */
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'electron-vite';
import type { Plugin } from 'vite';

const hostFile = (path: string): string => fileURLToPath(new URL(`./src-main/${path}`, import.meta.url));

/** Entries of the main side: Electron's own, the core, and the processes and threads that it starts. */
const entries: Record<string, string> = {
  main: hostFile('host/electron/main.ts'),
  core: hostFile('host/electron/core.ts'),
  'index-process': hostFile('worker/index-process.ts'),
  'media-process': hostFile('worker/media-process.ts'),
  'train-process': hostFile('worker/train-process.ts'),
  'head-process': hostFile('worker/head-process.ts'),
  'probe-process': hostFile('worker/probe-process.ts'),
  'concepts-process': hostFile('worker/concepts-process.ts'),
  'spectra-process': hostFile('worker/spectra-process.ts'),
  'weights-process': hostFile('worker/weights-process.ts'),
  'database-process': hostFile('worker/database-process.ts'),
  'decode-thread': hostFile('worker/decode-thread.ts'),
  'augment-thread': hostFile('worker/feed/augment-thread.ts'),
  'scan-thread': hostFile('worker/scan-thread.ts'),
  'inspect-thread': hostFile('worker/inspect-thread.ts'),
  'map-thread': hostFile('worker/map-thread.ts'),
  'probe-device': hostFile('compute/probe-device.ts'),
  'guarded-process': hostFile('base/guarded-process.ts'),
  'parent-watch-thread': hostFile('base/parent-watch-thread.ts'),
};

/** The sources name a process or thread by `new URL('…/name.ts', import.meta.url)`; in the build every entry is `./name.js`. */
const entryAddresses: Plugin = {
  name: 'earmark:entry-addresses',
  renderChunk: (code) =>
    code.replaceAll(/new URL\((["'])(?:\.{1,2}\/)+(?:[\w-]+\/)*([\w-]+)\.ts\1, import\.meta\.url\)/g, (whole, _quote, name: string) =>
      name in entries ? `new URL("./${name}.js", import.meta.url)` : whole,
    ),
};

export default defineConfig({
  main: {
    plugins: [entryAddresses],
    build: {
      outDir: 'out/main',
      rollupOptions: {
        input: entries,
        output: {
          entryFileNames: '[name].js',
          // Shared code lies beside the entries, so that `./name.js` is right from wherever it is named.
          chunkFileNames: '[name]-[hash].js',
          // Main takes one function of the store and a few addresses of the contract; it shall not load the database for them.
          codeSplitting: {
            groups: [
              { name: 'places', test: /src-main[\\/](store[\\/]data-directory|contract[\\/]media)\.ts$/, priority: 2 },
              // Entries keep what they do when they are loaded: in shared code it would run wherever that is used.
              { name: 'base', test: /src-main[\\/]base[\\/](?!guarded-process|parent-watch-thread)/, priority: 2 },
              // Threads that search take these of the store, and not the database.
              { name: 'neighbours', test: /src-main[\\/]store[\\/](neighbours[\\/]|activations[\\/]chunk-files\.ts$)/, priority: 2 },
              { name: 'store', test: /src-main[\\/]store[\\/]/, priority: 1 },
              { name: 'contract', test: /src-main[\\/]contract[\\/]/, priority: 1 },
            ],
          },
        },
        treeshake: { moduleSideEffects: (path) => !/src-main[\\/](store|contract)[\\/]/.test(path) },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      rollupOptions: { input: { preload: hostFile('host/electron/preload.ts') }, output: { format: 'cjs', entryFileNames: '[name].cjs' } },
    },
  },
  renderer: {
    root: 'src-renderer',
    plugins: [svelte()],
    build: {
      outDir: 'out/renderer',
      target: 'chrome140',
      rollupOptions: { input: fileURLToPath(new URL('./src-renderer/index.html', import.meta.url)) },
    },
  },
});
