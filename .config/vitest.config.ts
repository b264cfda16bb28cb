import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [svelte()],
  resolve: { conditions: ['browser'] },
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['test/{unit,parity,store,rpc,e2e}/**/*.test.ts'],
    pool: 'forks',
    // Tests often wait for a browser or a process of their own; one file more than there are cores keeps those busy.
    maxWorkers: availableParallelism() + 1,
    // Limits end a test that hangs; they are a hundred times what tests take, so that a busy machine fails none.
    testTimeout: 3_000_000,
    hookTimeout: 3_000_000,
    expect: { poll: { timeout: 600_000 } },
  },
});
