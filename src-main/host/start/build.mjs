/** @file Builds the named parts (`main`, `preload`, `renderer`) as `electron.vite.config.ts` says; `electron-vite build` itself always builds all three. */
import { resolveConfig } from 'electron-vite';
import { build } from 'vite';

const wanted = process.argv.slice(2);
process.env.NODE_ENV_ELECTRON_VITE = 'production';

async function buildParts() {
  const { config } = await resolveConfig({ logLevel: 'warn' }, 'build', 'production');
  for (const part of wanted.length > 0 ? wanted : ['main', 'preload', 'renderer']) {
    const own = config?.[part];
    if (own === undefined) throw new Error(`There is no part called ${part} to build.`);
    await build(own);
  }
}

try {
  await buildParts();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
