/** @file What a new file is called and where it lies. */
import { expect, it } from 'vitest';
import { pathIn, plainFileName } from '../../../src-renderer/lib/new-file.ts';

it('a name becomes one that every file system takes', () => {
  expect(plainFileName(' CLMR, 8000 Hz: “Überlauf” ', 'run')).toBe('clmr-8000-hz-überlauf');
  expect(plainFileName('—/…', 'encoder')).toBe('encoder');
});

it('a path is written as its folder is', () => {
  expect(pathIn('/home/ida', 'a.zip')).toBe('/home/ida/a.zip');
  expect(pathIn('/', 'a.zip')).toBe('/a.zip');
  expect(pathIn('C:\\Users\\Ida', 'a.zip')).toBe('C:\\Users\\Ida\\a.zip');
  expect(pathIn('C:\\', 'a.zip')).toBe('C:\\a.zip');
});
