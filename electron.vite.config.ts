/** @file Builds the three parts of the desktop application; the renderer's build is also what `serve` hands to a browser. */
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'electron-vite';

const hostFile = (path: string): string => fileURLToPath(new URL(`./src-main/${path}`, import.meta.url));

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      rollupOptions: {
        input: {
          main: hostFile('host/electron/main.ts'),
          core: hostFile('host/electron/core.ts'),
          'index-process': hostFile('worker/index-process.ts'),
          'media-process': hostFile('worker/media-process.ts'),
          'decode-thread': hostFile('worker/decode-thread.ts'),
          'probe-device': hostFile('compute/probe-device.ts'),
        },
        // Shared code lies beside the entries, so that an entry's address is the same from wherever it is named.
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
        // Main takes one function of the store; it must not load the store's database for that.
        treeshake: { moduleSideEffects: 'no-external' },
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
