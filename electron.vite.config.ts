/** @file Builds the three parts of the desktop application; the renderer's build is also what `serve` hands to a browser. */
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'electron-vite';

const hostFile = (path: string): string => new URL(`./src-main/${path}`, import.meta.url).pathname;

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
        output: { entryFileNames: '[name].js' },
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
    build: { outDir: 'out/renderer', target: 'chrome140', rollupOptions: { input: new URL('./src-renderer/index.html', import.meta.url).pathname } },
  },
});
