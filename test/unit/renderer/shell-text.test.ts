/** @file What jobs, encoders and columns say of themselves. */
import { describe, expect, it } from 'vitest';
import type { Job, JobId } from '../../../src-main/contract/index.ts';
import { indexText, shapeText } from '../../../src-renderer/view/encoders/encoder-text.ts';
import { jobFailures, jobFigures, jobSentence } from '../../../src-renderer/view/frame/job-text.ts';
import { trackColumns } from '../../../src-renderer/view/library/track-columns.ts';
import { importedEncoder } from '../../support/some-encoder.ts';

const progress = {
  done: 1204,
  total: 5000,
  unit: 'files',
  audioSeconds: 7500,
  rate: 24,
  secondsLeft: 158,
  detail: 'a.mp3',
  failed: 1,
};
const job: Job = {
  id: 1 as JobId,
  kind: 'scan',
  title: 'Scanning',
  state: 'running',
  progress,
  message: '',
  startedAt: 0,
  endedAt: null,
  seen: false,
  subject: '',
  waitsFor: null,
};

describe('a job', () => {
  it('gives its figures with units', () => {
    expect(jobFigures(job)).toBe('1\u202f204 of 5\u202f000 files · 24 files/s · 2 h 5 min of audio · 3 min left');
  });

  it('leaves out what it does not know', () => {
    expect(
      jobFigures({
        ...job,
        progress: {
          ...progress,
          total: null,
          rate: 0,
          audioSeconds: 0,
          secondsLeft: null,
        },
      }),
    ).toBe('1\u202f204 files');
  });

  it('says nothing of figures before it knows what there is to do', () => {
    expect(
      jobFigures({
        ...job,
        state: 'queued',
        progress: { ...progress, done: 0, total: null, unit: '' },
      }),
    ).toBe('');
  });

  it('gives neither rate nor time left while it is paused', () => {
    expect(jobFigures({ ...job, state: 'paused' })).toBe('1\u202f204 of 5\u202f000 files · 2 h 5 min of audio');
    expect(jobSentence({ ...job, state: 'paused' })).toBe('Paused');
  });

  it('counts what failed, and says nothing when nothing did', () => {
    expect(jobFailures(job)).toBe('1 file could not be read');
    expect(jobFailures({ ...job, progress: { ...progress, failed: 3 } })).toBe('3 files could not be read');
    expect(jobFailures({ ...job, progress: { ...progress, failed: 0 } })).toBe('');
  });

  it('says how it ended in its own words', () => {
    expect(jobSentence({ ...job, state: 'done', message: '12 tracks added.' })).toBe('12 tracks added.');
    expect(jobSentence({ ...job, state: 'cancelled' })).toBe('Cancelled');
  });
});

describe('an encoder', () => {
  it('tells what it has heard and what waits', () => {
    const encoder = importedEncoder;
    expect(indexText(encoder)).toBe('Not indexed yet');
    expect(shapeText(encoder)).toBe('SampleCNN, 22\u202f050 Hz, 512 neurons');
    const index = { tracks: 1, segments: 90, hopSamples: 59049, waiting: 2 };
    expect(indexText({ ...encoder, index })).toBe('90 segments of 1 track indexed, 2 tracks waiting');
  });
});

describe('the columns of the table of tracks', () => {
  it('stand as they were left, and new ones at the end', () => {
    const columns = trackColumns({
      order: ['genre', 'title'],
      widths: { genre: 80.4 },
    });
    expect(columns.slice(0, 3).map(({ id }) => id)).toEqual(['genre', 'title', 'artist']);
    expect(columns[0]?.widthPx).toBe(80);
    expect(new Set(columns.map(({ id }) => id)).size).toBe(columns.length);
  });
});
