/** @file Which jobs work, wait and are paused, as a pure function of what happened: no clock, no promises, nothing of what jobs do. */
import type { JobId, JobKind } from '../../contract/index.ts';
import { jobRules } from './rules.ts';
import type { WorkOn } from './rules.ts';

/**
 * Where a job is: `waiting` for its turn, `working`, `resting` (paused by a person), or `ending` (cancelled, and still letting go of what it holds).
 */
export type Place = 'waiting' | 'working' | 'resting' | 'ending';

/**
 * A job on the schedule. `hasBegun`: its work was started, and is held up while it waits or rests. `hasLane`: no other of its kind may work; one that
 * rests has given its lane back, or keeps it, as its rule says. `after`: what is to be through before it begins.
 */
export type Entry = {
  readonly id: JobId;
  readonly kind: JobKind;
  readonly subject: string;
  readonly place: Place;
  readonly hasBegun: boolean;
  readonly hasLane: boolean;
  readonly after: WorkOn | null;
};

/** Jobs that have not ended, in the order of their turns. */
export type Schedule = readonly Entry[];

/** What may happen. `add` may name a job that rests, as one does that was paused when the program ended. */
export type ScheduleEvent =
  | { type: 'add'; id: JobId; kind: JobKind; subject: string; isPaused?: boolean; after?: WorkOn | null }
  | { type: 'pause'; id: JobId }
  | { type: 'resume'; id: JobId }
  | { type: 'cancel'; id: JobId }
  /** Its work has come to an end, whichever. */
  | { type: 'end'; id: JobId };

/** The schedule after an event; one that means nothing now (pausing what rests, say) changes nothing. */
export function advance(schedule: Schedule, event: ScheduleEvent): Schedule {
  return promote(apply(schedule, event));
}

/** The job that another waits for; null for one that does not wait. */
export function blockerOf(schedule: Schedule, id: JobId): Entry | null {
  const entry = schedule.find((one) => one.id === id);
  if (entry?.place !== 'waiting') return null;
  return conflictOf(schedule, entry) ?? schedule.find((one) => one !== entry && one.hasLane && one.kind === entry.kind) ?? null;
}

/** Whether another job waits for the lane that this one has. */
export function isWaitedFor(schedule: Schedule, id: JobId): boolean {
  return schedule.some((one) => {
    const blocker = blockerOf(schedule, one.id);
    return blocker?.id === id && blocker.kind === one.kind;
  });
}

/** The job that a wish for the same work joins, if there is one. */
export function jobToJoin(schedule: Schedule, kind: JobKind, subject: string): Entry | null {
  const same = schedule.filter((one) => one.kind === kind && one.subject === subject && one.place !== 'ending');
  return same.find((one) => !one.hasBegun) ?? (jobRules[kind].joinsBegun ? same[0] : undefined) ?? null;
}

function apply(schedule: Schedule, event: ScheduleEvent): Schedule {
  if (event.type === 'add') {
    const { id, kind, subject, isPaused = false, after = null } = event;
    return [...schedule, { id, kind, subject, place: isPaused ? 'resting' : 'waiting', hasBegun: false, hasLane: false, after }];
  }
  const entry = schedule.find((one) => one.id === event.id);
  if (entry === undefined) return schedule;
  const goes = (place: Place, hasLane = entry.hasLane): Schedule =>
    schedule.map((one) => (one === entry ? { ...one, place, hasLane } : one));
  switch (event.type) {
    case 'pause':
      return entry.place === 'waiting' || entry.place === 'working'
        ? goes('resting', entry.hasLane && jobRules[entry.kind].holdsLaneWhilePaused)
        : schedule;
    case 'resume':
      return entry.place === 'resting' ? goes('waiting') : schedule;
    case 'cancel':
      // What has not begun has nothing to let go of.
      return entry.hasBegun ? goes('ending') : schedule.filter((one) => one !== entry);
    case 'end':
      return schedule.filter((one) => one !== entry);
  }
}

/** Gives every lane that is free to the first that waits for it and may begin. */
function promote(schedule: Schedule): Schedule {
  let next = schedule;
  for (const entry of schedule) {
    if (entry.place !== 'waiting' || conflictOf(next, entry) !== null) continue;
    if (next.some((one) => one.kind === entry.kind && one.id !== entry.id && one.hasLane)) continue;
    next = next.map((one) => (one.id === entry.id ? { ...one, place: 'working', hasBegun: true, hasLane: true } : one));
  }
  return next;
}

/** Another job under way on the same subject, or one that is to be through before. */
function conflictOf(schedule: Schedule, entry: Entry): Entry | null {
  const { after, hasBegun } = entry;
  const isBefore = (one: Entry): boolean => !hasBegun && one.kind === after?.kind && one.subject === after.subject;
  const isSame = (one: Entry): boolean => one.id !== entry.id && one.kind === entry.kind && one.subject === entry.subject && one.hasBegun;
  return schedule.find(isSame) ?? schedule.find(isBefore) ?? null;
}
