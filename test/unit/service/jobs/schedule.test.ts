/** @file The rules of the schedule, held by random sequences of what may happen, from seeds. */
import { deepEqual, ok } from 'node:assert/strict';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src-main/base/index.ts';
import type { Random } from '../../../../src-main/base/index.ts';
import { jobKinds } from '../../../../src-main/contract/index.ts';
import type { JobId, JobKind } from '../../../../src-main/contract/index.ts';
import { jobRules } from '../../../../src-main/service/jobs/rules.ts';
import { advance, blockerOf, isWaitedFor, jobToJoin } from '../../../../src-main/service/jobs/schedule.ts';
import type { Schedule, ScheduleEvent } from '../../../../src-main/service/jobs/schedule.ts';

const sequences = 300;
const eventsEach = 120;

/** What is true of every schedule, whatever happened. */
function check(schedule: Schedule): void {
  for (const kind of jobKinds) {
    const lane = schedule.filter((entry) => entry.kind === kind);
    ok(lane.filter(({ hasLane }) => hasLane).length <= 1, 'one job a lane');
    const begun = lane.filter(({ hasBegun }) => hasBegun).map(({ subject }) => subject);
    ok(new Set(begun).size === begun.length, 'one job a subject');
  }
  for (const entry of schedule) {
    const blocker = blockerOf(schedule, entry.id);
    // Whatever waits says for what, and that is there; so nothing waits while it could work.
    ok((blocker !== null) === (entry.place === 'waiting'), `what a ${entry.place} job waits for`);
    ok(blocker === null || (blocker.id !== entry.id && schedule.includes(blocker)), 'what it waits for is there');
    const isBefore = blocker?.kind === entry.after?.kind && blocker?.subject === entry.after?.subject && !entry.hasBegun;
    ok(blocker === null || blocker.kind === entry.kind || isBefore, 'it waits for its kind, or for what is to be through before');
    ok(entry.place !== 'working' || (entry.hasBegun && entry.hasLane), 'what works has its lane');
    ok(entry.place !== 'resting' || !entry.hasLane || jobRules[entry.kind].holdsLaneWhilePaused, 'what rests has given its lane back');
  }
}

/** Something that may happen now: mostly to jobs there are, sometimes to one that has ended. */
function drawEvent(schedule: Schedule, random: Random, nextId: number): ScheduleEvent {
  const known = schedule[random.below(Math.max(1, schedule.length))];
  const draw = random.below(10);
  if (known === undefined || draw < 3) {
    const kind = jobKinds[random.below(jobKinds.length)] as JobKind;
    const after = kind === 'pretrain' && random.below(2) === 0 ? ({ kind: 'index', subject: String(random.below(3)) } as const) : null;
    return { type: 'add', id: nextId as JobId, kind, subject: String(random.below(3)), isPaused: random.below(8) === 0, after };
  }
  const id = random.below(15) === 0 ? (random.below(nextId) as JobId) : known.id;
  if (draw < 5) return { type: 'pause', id };
  if (draw < 8) return { type: 'resume', id };
  if (draw < 9) return { type: 'cancel', id };
  // Only what works, or lets go, comes to an end; a crash of its process is one.
  const ending = schedule.find(({ place }) => place === 'working' || place === 'ending');
  return { type: 'end', id: ending?.id ?? id };
}

/** What the next start makes of a schedule after a crash: all are queued again, and what was paused stays so. */
function restarted(schedule: Schedule): Schedule {
  return schedule
    .filter(({ place }) => place !== 'ending')
    .reduce<Schedule>((all, { id, kind, subject, place, after }) => {
      return advance(all, { type: 'add', id, kind, subject, isPaused: place === 'resting', after });
    }, []);
}

/** What an event may do to the job that it names, and to others. */
function checkStep(before: Schedule, event: ScheduleEvent, after: Schedule): void {
  const now = new Map(after.map((entry) => [entry.id, entry]));
  for (const entry of before) {
    const then = now.get(entry.id);
    if (event.id !== entry.id) {
      ok(then !== undefined, 'nothing else is lost');
      ok(then.place === entry.place || (entry.place === 'waiting' && then.place === 'working'), 'others only begin or go on');
    } else if (event.type === 'pause' && entry.place !== 'ending') ok(then?.place === 'resting', 'it rests');
    else if (event.type === 'resume' && entry.place === 'resting')
      ok(then?.place === 'waiting' || then?.place === 'working', 'it goes on or waits');
    else if (event.type === 'cancel') ok(then?.place === (entry.hasBegun ? 'ending' : undefined), 'it ends');
    ok(then === undefined || !entry.hasBegun || then.hasBegun, 'what has begun stays so');
  }
}

describe('the schedule', () => {
  it(`keeps its rules through ${sequences} random sequences of starting, pausing, resuming, cancelling, ending and crashing`, () => {
    for (let seed = 1; seed <= sequences; seed++) {
      const random = seededRandom(seed);
      let schedule: Schedule = [];
      for (let step = 1; step <= eventsEach; step++) {
        if (random.below(40) === 0) {
          const resting = schedule.filter(({ place }) => place === 'resting').map(({ id }) => id);
          schedule = restarted(schedule);
          deepEqual(
            schedule.filter(({ place }) => place === 'resting').map(({ id }) => id),
            resting,
          );
        }
        const event = drawEvent(schedule, random, step);
        const next = advance(schedule, event);
        checkStep(schedule, event, next);
        check(next);
        schedule = next;
      }
      // Whatever happened: once everything is resumed and comes to its end, nothing is left waiting.
      for (const { id } of schedule) schedule = advance(schedule, { type: 'resume', id });
      for (let left = schedule.length; left > 0; left--) {
        const working = schedule.find(({ place }) => place === 'working' || place === 'ending');
        ok(working !== undefined, `seed ${seed}: something works`);
        schedule = advance(schedule, { type: 'end', id: working.id });
        check(schedule);
      }
      deepEqual(schedule, []);
    }
  });

  const add = (schedule: Schedule, id: number, kind: JobKind, subject = String(id)): Schedule =>
    advance(schedule, { type: 'add', id: id as JobId, kind, subject });
  const after = (schedule: Schedule, ...events: [ScheduleEvent['type'], number][]): Schedule =>
    events.reduce((all, [type, id]) => advance(all, { type, id: id as JobId } as ScheduleEvent), schedule);
  const places = (schedule: Schedule): string[] => schedule.map(({ id, place }) => `${id} ${place}`);

  it('works in the order of coming, one job a kind, kinds beside one another', () => {
    const schedule = add(add(add(add([], 1, 'index'), 2, 'scan'), 3, 'index'), 4, 'index');
    expect(places(schedule)).toEqual(['1 working', '2 working', '3 waiting', '4 waiting']);
    expect(places(after(schedule, ['end', 1]))).toEqual(['2 working', '3 working', '4 waiting']);
  });

  it('lets a run wait until the index that it learns from is through, and others of its kind go first', () => {
    const after7 = { kind: 'index', subject: '7' } as const;
    const indexing = add(add([], 1, 'index', '7'), 2, 'index', '8');
    const schedule = add(advance(indexing, { type: 'add', id: 3 as JobId, kind: 'pretrain', subject: '3', after: after7 }), 4, 'pretrain');
    expect(places(schedule)).toEqual(['1 working', '2 waiting', '3 waiting', '4 working']);
    expect(blockerOf(schedule, 3 as JobId)?.id).toBe(1);
    // Nothing waits for the lane of index 1 but index 2.
    expect([isWaitedFor(schedule, 1 as JobId), isWaitedFor(after(schedule, ['cancel', 2]), 1 as JobId)]).toEqual([true, false]);
    // A paused one is waited for as well; what comes later on that subject holds up no run that has begun.
    const ended = after(schedule, ['end', 4], ['pause', 1]);
    expect(places(ended)).toEqual(['1 resting', '2 working', '3 waiting']);
    const begun = after(ended, ['cancel', 1], ['end', 1]);
    expect(places(begun)).toEqual(['2 working', '3 working']);
    expect(places(after(add(begun, 5, 'index', '7'), ['end', 2], ['pause', 3], ['resume', 3]))).toEqual(['3 working', '5 working']);
  });

  it('shows a queued job that was paused and resumed as waiting, for the job that works', () => {
    const schedule = after(add(add([], 1, 'index'), 2, 'index'), ['pause', 2], ['resume', 2]);
    expect(places(schedule)).toEqual(['1 working', '2 waiting']);
    expect(blockerOf(schedule, 2 as JobId)?.id).toBe(1);
  });

  it('gives the lane of a paused index job or run to the next, and lets it go on in its turn', () => {
    for (const kind of ['index', 'pretrain'] as const) {
      const schedule = after(add(add([], 1, kind), 2, kind), ['pause', 1]);
      expect(places(schedule)).toEqual(['1 resting', '2 working']);
      const resumed = after(schedule, ['resume', 1]);
      expect(places(resumed)).toEqual(['1 waiting', '2 working']);
      expect(places(after(resumed, ['end', 2]))).toEqual(['1 working']);
    }
  });

  it('keeps the lane of a paused scan or writing, and says that it is what others wait for', () => {
    for (const kind of ['scan', 'write'] as const) {
      const schedule = after(add(add([], 1, kind), 2, kind), ['pause', 1]);
      expect(places(schedule)).toEqual(['1 resting', '2 waiting']);
      expect(blockerOf(schedule, 2 as JobId)).toMatchObject({ id: 1, place: 'resting' });
      expect(places(after(schedule, ['resume', 1]))).toEqual(['1 working', '2 waiting']);
    }
  });

  it('holds a lane until a cancelled job has let go', () => {
    const schedule = after(add(add([], 1, 'index'), 2, 'index'), ['cancel', 1]);
    expect(places(schedule)).toEqual(['1 ending', '2 waiting']);
    expect(places(after(schedule, ['pause', 1], ['resume', 1]))).toEqual(['1 ending', '2 waiting']);
    expect(places(after(schedule, ['end', 1]))).toEqual(['2 working']);
  });

  it('finds the job that does the same: for an encoder any, for a scan one that has not begun', () => {
    const schedule = add(add(add([], 1, 'index', 'a'), 2, 'scan', 'all'), 3, 'scan', 'music');
    expect(jobToJoin(schedule, 'index', 'a')?.id).toBe(1);
    expect(jobToJoin(schedule, 'index', 'b')).toBeNull();
    expect(jobToJoin(schedule, 'scan', 'all')).toBeNull();
    expect(jobToJoin(schedule, 'scan', 'music')?.id).toBe(3);
    expect(jobToJoin(after(schedule, ['cancel', 1]), 'index', 'a')).toBeNull();
  });
});
