/**
 * @file Stands in for the media process at its port: knows every file as a second of silence, and is killed by any path that says so. A path that says
 * `held` is not answered for until a file `let go` lies beside it.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { MediaRequest } from '../../../src-main/service/index.ts';

const probe = {
  container: 'wav',
  codec: 'pcm_s16le',
  sampleRate: 8000,
  channels: 1,
  bitRate: 128_000,
  durationMs: 1000,
  declaredDurationMs: 1000,
};
const noTags = { title: null, artist: null, album: null, albumArtist: null, year: null, genres: [], trackNumber: null, discNumber: null };
const noOthers = { composer: null, bpm: null, comment: null, mood: null, grouping: null, other: {} };

function answer({ id, task }: MediaRequest): void {
  setTimeout(() => {
    if (task.path.includes('held') && !existsSync(join(dirname(task.path), 'let go'))) return answer({ id, task });
    if (task.path.includes('killer')) process.kill(process.pid, 'SIGKILL');
    const audioHash = createHash('sha256').update(task.path).digest('hex');
    const value = { probe: { ...probe, audioHash }, tags: { ...noTags, ...noOthers } };
    process.send?.({ id, value });
  }, 20);
}

process.on('message', answer);
process.on('disconnect', () => process.exit(0));
