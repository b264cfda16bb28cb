/** @file `npm run bench:setup`: a Python environment in `.venv` with what the side-by-side benches compare against (PyTorch, DuckDB). */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { failWith, run, StartFailure, top } from './processes.mjs';

const folder = join(top, '.venv');
const python = process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');

async function setUp() {
  if (!existsSync(python)) {
    const names = process.platform === 'win32' ? ['py', 'python'] : ['python3', 'python'];
    let made = false;
    for (const name of names) made ||= (await run(name, ['-m', 'venv', folder], { quiet: true })).code === 0;
    if (!made)
      throw new StartFailure('The side-by-side benches need Python 3.10 or newer with its venv module: install it and run this again.');
  }
  const { code } = await run(python, [
    '-m',
    'pip',
    'install',
    '--disable-pip-version-check',
    '-r',
    join(top, 'test', 'bench', 'requirements.txt'),
  ]);
  if (code !== 0) throw new StartFailure('The Python packages could not be installed (see above).');
  console.log('Ready: npm run bench');
}

try {
  await setUp();
} catch (error) {
  process.exitCode = failWith(error);
}
