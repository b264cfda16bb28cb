import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { countOf } from '../faults/fault.ts';
import { faults } from '../faults/faults.ts';
import { listFiles, top } from '../support/files.ts';

describe('the faults that are planted to try the tests', () => {
  it.each(faults)('stand exactly once, and change something: $name', ({ file, text, instead }) => {
    const source = readFileSync(join(top, file), 'utf8');
    expect(countOf(text, source)).toBe(1);
    expect(source.replace(text, () => instead)).not.toBe(source);
  });

  it('have names of their own, and tests that are there', () => {
    expect(new Set(faults.map(({ name }) => name)).size).toBe(faults.length);
    const files = listFiles('test').filter((path) => path.endsWith('.test.ts'));
    for (const path of new Set(faults.flatMap(({ tests }) => tests)))
      expect(existsSync(join(top, path)) || files.some((file) => file.startsWith(path)), path).toBe(true);
  });
});
