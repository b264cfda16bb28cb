import { describe, expect, it } from 'vitest';
import { makeMeeting, meet, nextRows, rowsAtOnce } from '../../../../src-main/store/neighbours/meeting.ts';

const rowOf = (place: number): number => 1000 - place;

describe('threads that meet', () => {
  it('go on with the rows of the best places, ascending', () => {
    const meeting = makeMeeting(1, 3);
    const rows = meet(meeting, () => ({ places: Uint32Array.of(5, 7, 9), scores: Float32Array.of(0.1, 0.9, 0.5), rowOf }));
    expect([...rows]).toEqual([991, 993, 995]);
    expect([nextRows(meeting), nextRows(meeting)]).toEqual([0, rowsAtOnce]);
  });

  it('have nothing to go on with where little was found', () => {
    const none = { places: new Uint32Array(0), scores: new Float32Array(0), rowOf };
    expect(meet(makeMeeting(1, 3), () => none)).toHaveLength(0);
  });

  it('do not wait for one that failed, whichever came first', () => {
    const meeting = makeMeeting(2, 3);
    const fail = (): never => {
      throw new Error('the file is gone');
    };
    expect(() => meet(meeting, fail)).toThrow('the file is gone');
    const found = { places: Uint32Array.of(1), scores: Float32Array.of(1), rowOf };
    expect(meet(meeting, () => found)).toHaveLength(0);
    expect(meet(meeting, () => found)).toHaveLength(0);
  });
});
