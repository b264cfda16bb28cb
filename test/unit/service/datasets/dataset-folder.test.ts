/** @file A data set's folder on disk: nothing outside of it is read. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { OpenDatasetFolder } from '../../../../src-main/service/datasets/dataset-folder.ts';

const root = mkdtempSync(join(tmpdir(), 'earmark-set-'));
afterAll(() => rmSync(root, { recursive: true }));
const inside = join(root, 'set');
mkdirSync(join(inside, 'audio'), { recursive: true });
mkdirSync(join(root, 'elsewhere'));
writeFileSync(join(root, 'elsewhere', 'secret.csv'), 'secret');
writeFileSync(join(inside, 'table.csv'), `clip,ü\n${'é'.repeat(100_000)}`);
writeFileSync(join(inside, 'latin.csv'), Buffer.from([0x63, 0xe9, 0x0a]));
writeFileSync(join(inside, 'audio', 'a.wav'), 'abc');
writeFileSync(join(inside, 'audio', 'empty.wav'), '');
symlinkSync(join(root, 'elsewhere'), join(inside, 'out'));
symlinkSync(join(root, 'elsewhere', 'secret.csv'), join(inside, 'secret.csv'));
symlinkSync(join(inside, 'audio'), join(inside, 'same'));
symlinkSync(join(inside, 'nowhere'), join(inside, 'dangling.csv'));

it('gives texts whole and in pieces that part no character', async () => {
  const folder = await OpenDatasetFolder.open(inside);
  const whole = await folder.readText('table.csv');
  const pieces = await Array.fromAsync((await folder.pieces('table.csv')) ?? []);
  expect(pieces.length).toBeGreaterThan(2);
  expect(pieces.join('')).toBe(whole);
  expect(await folder.readText('none.csv')).toBeNull();
  expect(await folder.pieces('audio/none.csv')).toBeNull();
});

it('refuses what is no text, and links that lead out', async () => {
  const folder = await OpenDatasetFolder.open(inside);
  await expect(folder.readText('latin.csv')).rejects.toThrow('latin.csv is no text in UTF-8.');
  await expect(Array.fromAsync((await folder.pieces('latin.csv')) ?? [])).rejects.toThrow('latin.csv is no text in UTF-8.');
  await expect(folder.readText('secret.csv')).rejects.toThrow('It is a link that leads outside of the folder');
  await expect(folder.readText('../elsewhere/secret.csv')).rejects.toThrow('Its path leads outside of the folder');
  expect(await folder.readText('out/secret.csv')).toBeNull();
});

it('finds clips, and says why one cannot be used', async () => {
  const folder = await OpenDatasetFolder.open(inside);
  expect(await folder.find('audio/a.wav')).toMatchObject({ isThere: true, bytes: 3 });
  expect(await folder.find('same/a.wav')).toMatchObject({ isThere: true, bytes: 3 });
  expect(await folder.find('audio/empty.wav')).toMatchObject({ isThere: true, bytes: 0 });
  for (const [path, why] of [
    ['audio/b.wav', 'It is not there.'],
    ['audio', 'It is no file.'],
    ['out/secret.csv', 'Its folder is not there, or is a link that leads outside.'],
    ['secret.csv', 'It is a link that leads outside of the folder, or nowhere.'],
    ['/etc/passwd', 'Its path leads outside of the folder, and is not followed.'],
    ['audio/../../elsewhere/secret.csv', 'Its path leads outside of the folder, and is not followed.'],
    ['C:/windows/x.wav', 'Its path leads outside of the folder, and is not followed.'],
    ['audio\\a.wav', 'The name of its file has a character that no file can have everywhere.'],
  ] as const)
    expect(await folder.find(path), path).toMatchObject({ isThere: false, why });
});

it('lists files and folders, without what leads out', async () => {
  const folder = await OpenDatasetFolder.open(inside);
  expect(await folder.list('')).toEqual(['audio/', 'latin.csv', 'same/', 'table.csv']);
  expect(await folder.list('audio')).toEqual(['a.wav', 'empty.wav']);
  expect(await folder.list('audio/')).toEqual(['a.wav', 'empty.wav']);
  expect(await folder.list('out')).toEqual([]);
});

it('opens folders alone', async () => {
  await expect(OpenDatasetFolder.open(join(inside, 'table.csv'))).rejects.toMatchObject({ code: 'BAD_INPUT' });
  await expect(OpenDatasetFolder.open(join(root, 'none'))).rejects.toMatchObject({ code: 'FOLDER_GONE' });
});
