/** Runs the check of `earmark parity` on the files beside it, whose README says how each was made. */
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { checkFolder } from '../../src-main/compute/index.ts';

const folder = fileURLToPath(new URL('reference/', import.meta.url));

it('computes the values of the reference files, and has a check for each', async () => {
  const { checks, notChecked } = await checkFolder(folder);
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  const byFile = Map.groupBy(checks, ({ file }) => file);
  expect([...byFile].map(([file, own]) => [file, own.length])).toEqual([
    ['data2vec-step.safetensors', 109],
    ['data2vec-tiny.safetensors', 6],
    ['gru.safetensors', 1],
    ['info-nce.safetensors', 4],
    ['mel.safetensors', 3],
    ['nt-xent.safetensors', 9],
    ['optimizer-adam.safetensors', 10],
    ['optimizer-lars.safetensors', 10],
    ['optimizer-sgd.safetensors', 10],
    ['vicreg.safetensors', 6],
  ]);
  expect(notChecked).toEqual([]);
});
