/** @file Every host asks one function which server published encoders are fetched from. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { publishedFrom } from '../../../src-main/host/published-from.ts';

const source = new URL('../../../src-main', import.meta.url).pathname;

it('reads the server from the environment, and an empty address as none', () => {
  expect(publishedFrom({ EARMARK_PUBLISHED_FROM: ' http://127.0.0.1:9/files ' })).toBe('http://127.0.0.1:9/files');
  for (const environment of [{}, { EARMARK_PUBLISHED_FROM: '' }, { EARMARK_PUBLISHED_FROM: ' ' }])
    expect(publishedFrom(environment)).toBeUndefined();
});

it('is the one place that reads it', () => {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const readers = files.filter((name) => readFileSync(join(source, name), 'utf8').includes('EARMARK_PUBLISHED_FROM'));
  expect(readers).toEqual([join('host', 'published-from.ts')]);
});
