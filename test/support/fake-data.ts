/** @file Fixed answers of the fake core: encoders, problems, devices, checks and a small tree of folders. */
import type { BrowseResult, Check, Device, Encoder, EncoderId, Problem, TrackId } from '../../src-main/contract/index.ts';
import { AppError } from '../../src-main/base/index.ts';

const day = Date.UTC(2025, 9, 4, 12);

/** An encoder, and one that is untrained. */
export function fakeEncoders(): Encoder[] {
  const common = { architecture: 'sample-cnn', sampleRate: 22_050, cropSamples: 59_049, dimensions: 512, createdAt: day };
  return [
    {
      ...common,
      id: 1 as EncoderId,
      name: 'CLMR MagnaTagATune',
      source: 'imported',
      origin: 'clmr_checkpoint_10000.ckpt',
      index: null,
      tagSet: null,
    },
    { ...common, id: 2 as EncoderId, name: 'Untrained, seed 1', source: 'untrained', origin: 'seed 1', index: null, tagSet: null },
  ];
}

/** Files that could not be read. */
export function fakeProblems(): Problem[] {
  const row = (path: string, code: string, message: string, during: 'scan' | 'index', trackId: number | null): Problem => ({
    path,
    code,
    message,
    during,
    trackId: trackId as TrackId | null,
    at: day,
  });
  return [
    row('/home/ida/Music/Downloads/notes.mp3', 'NOT_AUDIO', 'This is not audio: the file begins like plain text.', 'scan', null),
    row('/home/ida/Music/Downloads/empty.flac', 'FILE_EMPTY', 'The file is empty (0 bytes).', 'scan', null),
    row('/home/ida/Music/Store/03 Ballad.m4p', 'PROTECTED', 'The file is protected by its shop (DRM) and cannot be decoded.', 'scan', null),
    row('/media/archive/Vinyl rips/private', 'FOLDER_UNREADABLE', 'The folder may not be read: permission was denied.', 'scan', null),
    row(
      '/home/ida/Music/Søren Falk/Étude 2/05 Iron Static 1.mp3',
      'DECODE_FAILED',
      'The decoder found no frame that it could read; the file may be damaged.',
      'index',
      34,
    ),
  ];
}

/** Devices of a machine without a GPU. */
export const fakeDevices: Device[] = [
  { id: 'cpu', name: 'CPU (2 cores, AVX-512)', available: true, reason: 'Chosen by auto: no GPU was found.' },
  { id: 'webgpu', name: 'WebGPU', available: false, reason: 'No Vulkan driver was found. Install the driver of your graphics card.' },
  { id: 'cuda', name: 'CUDA', available: false, reason: 'The CUDA libraries are not installed. See “Devices” in the README.' },
];

/** What the doctor says. */
export const fakeChecks: Check[] = [
  { name: 'Database', ok: true, message: 'Version 1, intact.' },
  { name: 'Decoder', ok: true, message: 'Decodes all nine formats.' },
  { name: 'Free space', ok: true, message: '212 GB free in the data directory.' },
  { name: 'WebGPU', ok: false, message: 'No Vulkan driver was found. Install the driver of your graphics card.' },
];

const tree: Record<string, string[]> = {
  '/': ['home', 'media'],
  '/home': ['ida'],
  '/home/ida': ['Desktop', 'Documents', 'Downloads', 'Music'],
  '/home/ida/Music': ['Aurora Keane', 'Mattias Örn', 'The Low Countries', 'private'],
  '/home/ida/Downloads': [],
  '/media': ['archive'],
  '/media/archive': ['Vinyl rips'],
};

/** Browses the small tree. */
export function fakeBrowse(path: string | null, files: 'none' | 'audio' | 'weights' | 'backups' | 'libraries'): BrowseResult {
  const at = path === null ? '/home/ida' : path.length > 1 ? path.replace(/\/+$/, '') : path;
  const join = (name: string): string => (at === '/' ? `/${name}` : `${at}/${name}`);
  const deep = at.startsWith('/home/ida/Music/') || at.startsWith('/home/ida/D') || at.startsWith('/media/archive/');
  if (!(at in tree) && !deep) throw new AppError('FOLDER_GONE', `There is no folder ${at}. Check the path.`);
  if (at.endsWith('/private'))
    throw new AppError('FOLDER_UNREADABLE', `Could not read ${at}: permission was denied. Check who may read it.`);
  const entries: BrowseResult['entries'] = (tree[at] ?? []).map((name) => ({
    name,
    path: join(name),
    kind: 'folder',
    readable: name !== 'private',
  }));
  const add = (name: string): number => entries.push({ name, path: join(name), kind: 'file', readable: true });
  if (files === 'weights' && at.endsWith('Downloads')) add('clmr_checkpoint_10000.ckpt');
  if (files === 'backups' && at.endsWith('Downloads')) add('earmark-2026-11-20T10-00-00.db');
  if (files === 'libraries' && at.endsWith('Downloads')) add('earmark-library-2026-11-20.json');
  const audioFiles = deep && !at.endsWith('Downloads') ? 12 : 0;
  if (files === 'audio') for (let i = 1; i <= audioFiles; i++) add(`${String(i).padStart(2, '0')} Distant Signals.flac`);
  const parent = at === '/' ? null : at.slice(0, at.lastIndexOf('/')) || '/';
  const places = [
    { name: 'Home', path: '/home/ida' },
    { name: 'Music', path: '/home/ida/Music' },
    { name: 'archive', path: '/media/archive' },
  ];
  return { path: at, parent, places, entries, audioFiles };
}
