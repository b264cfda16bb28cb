import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { isPlayableInBrowser, probeAudio, transcodeToFlac } from '../../../src-main/audio/index.ts';
import { decodeAll, errorOf, largestDifference, makeFolder } from '../../support/decode-all.ts';
import { kinds, makeAudio } from '../../support/make-audio.ts';

const folder = makeFolder();
afterAll(folder.remove);

const sound = (time: number, channel: number): number => (channel === 0 ? 0.5 : 0.2) * Math.sin(2000 * time * (1 + time));

describe('transcoding to FLAC', () => {
  it.each(['alac', 'aiff', 'wma', 'wavpack', 'deepFlac'] as const)('keeps the sound of a %s file, its channels and its rate', (kind) => {
    const path = folder.path(`in-${kind}.${kinds[kind].extension}`);
    const copy = folder.path(`out-${kind}.flac`);
    makeAudio(path, { kind, seconds: 2, sound });
    transcodeToFlac(path, copy);
    const probe = probeAudio(copy);
    expect(probe).toMatchObject({ container: 'flac', codec: 'flac', channels: 2, sampleRate: 44_100 });
    expect(isPlayableInBrowser(probe)).toBe(true);
    const difference = largestDifference(decodeAll(path, { sampleRate: 44_100 }).samples, decodeAll(copy, { sampleRate: 44_100 }).samples);
    // Lossy sources are rounded to 16 bits; the others stay exact.
    expect(difference).toBeLessThanOrEqual(kinds[kind].isLossy ? 1 / 32_768 : 0);
    expect(probe.declaredDurationMs).toBeCloseTo(decodeAll(path, { sampleRate: 44_100 }).summary.durationMs, 1);
  });

  it('replaces an older copy and leaves nothing else behind', () => {
    mkdirSync(folder.path('copies'));
    const [path, copy] = [folder.path('again.aiff'), folder.path('copies/again.flac')];
    makeAudio(path, { kind: 'aiff', seconds: 0.5, sound });
    writeFileSync(copy, 'old');
    transcodeToFlac(path, copy);
    expect(probeAudio(copy).codec).toBe('flac');
    expect(readdirSync(folder.path('copies'))).toEqual(['again.flac']);
  });

  it('leaves nothing behind when it fails', () => {
    mkdirSync(folder.path('failed'));
    const path = folder.path('no-audio.wma');
    writeFileSync(path, 'not a sound');
    expect(errorOf(() => transcodeToFlac(path, folder.path('failed/copy.flac'))).code).toBe('NOT_AUDIO');
    expect(errorOf(() => transcodeToFlac(folder.path('gone.wma'), folder.path('failed/copy.flac'))).code).toBe('FILE_GONE');
    expect(readdirSync(folder.path('failed'))).toEqual([]);
  });

  it('ends when it is cancelled, and leaves nothing behind', () => {
    mkdirSync(folder.path('cancelled'));
    const path = folder.path('to-cancel.aiff');
    makeAudio(path, { kind: 'aiff', seconds: 2, sound });
    let asked = 0;
    const error = errorOf(() => transcodeToFlac(path, folder.path('cancelled/copy.flac'), () => ++asked > 3));
    expect(error.code).toBe('CANCELLED');
    expect(asked).toBe(4);
    expect(readdirSync(folder.path('cancelled'))).toEqual([]);
  });

  it('fails with the reason when the copy cannot be written', () => {
    const path = folder.path('fine.aiff');
    makeAudio(path, { kind: 'aiff', seconds: 0.5, sound });
    const error = errorOf(() => transcodeToFlac(path, folder.path('no-such-folder/copy.flac')));
    expect(error.message).toMatch(/^Could not make a copy of .*fine\.aiff that can be played: /);
  });
});
