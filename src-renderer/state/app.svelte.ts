/** @file The page's one set of states, and how events of the core reach them. */
import { api, connection, isIndexDamage } from '../client/index.ts';
import { debounce } from '../lib/debounce.ts';
import { ConnectionStatus } from './connection.svelte.ts';
import { DataKeepingState } from './data-keeping.svelte.ts';
import { DialogsState } from './dialogs.svelte.ts';
import { EncodersState } from './encoders.svelte.ts';
import { HostState } from './host.svelte.ts';
import { JobsState, isUnderWay } from './jobs.svelte.ts';
import { LibraryPanelState } from './library-panel.svelte.ts';
import { LibraryState } from './library.svelte.ts';
import { createReport } from './report.ts';
import { RouteState } from './route.svelte.ts';
import { SearchSlot } from './search.svelte.ts';
import { keptInSession } from './session.ts';
import { SettingsState } from './settings.svelte.ts';
import { TracksState } from './tracks.svelte.ts';
import { UndoState } from './undo.svelte.ts';

/** Shows an error that has no better place; a damaged index is offered to be repaired. */
export const reportError: (error: unknown) => void = createReport((message, error) =>
  undo.say(message, isIndexDamage(error) ? { label: 'Repair the index', run: repairIndex } : undefined),
);

export const undo = new UndoState(reportError, () => dialogs.current !== null);
export const status = new ConnectionStatus();
export const route = new RouteState();
export const dialogs = new DialogsState();
export const headerSearch = new SearchSlot();
export const host = new HostState(api);
export const keeping = new DataKeepingState(api);
export const settings = new SettingsState(api);
export const encoders = new EncodersState(api, settings, undo);
export const library = new LibraryState(api, undo);
export const libraryPanel = new LibraryPanelState();
export const tracks = new TracksState(api, { isHeld: true, kept: keptInSession('library.search') });
export const jobs = new JobsState(api);

/** Runs something asynchronous whose failure is told to the person. */
export function attempt(work: Promise<unknown>): void {
  work.catch(reportError);
}

/** Repairs the index of the chosen encoder. */
export function repairIndex(): void {
  const encoder = encoders.current;
  if (encoder !== null) attempt(encoders.index(encoder.id, { repair: true }));
}

/** What the database is decides what can be asked at all. */
async function loadState(): Promise<void> {
  await keeping.load();
  if (!keeping.isDamaged) loadAll();
}

function loadAll(): void {
  for (const load of [settings, encoders, library, jobs, host]) attempt(load.load());
  attempt(host.loadDevices());
  tracks.refresh();
}

/** True while a job brings tracks, or tells what they are. */
export function isLibraryAtWork(): boolean {
  return jobs.isBusy('scan') || jobs.isBusy('index');
}

/** A burst of changes (a scan tells of many) is answered a few times a second. */
const libraryChanged = debounce(
  () => {
    attempt(library.load());
    const scan = jobs.current('scan');
    attempt(tracks.follow(isLibraryAtWork(), scan !== undefined && library.beganAfter(scan.startedAt)));
  },
  150,
  500,
);

const encodersChanged = debounce(() => attempt(encoders.load()), 150, 500);

/** Connects the states to the core. Called once by the page. */
export function startApp(page: Window): void {
  route.follow(page);
  connection.on('library.changed', () => {
    libraryChanged();
    // How many tracks an encoder has heard, and how many wait, follows from which are there.
    encodersChanged();
  });
  connection.on('encoders.changed', () => encodersChanged());
  connection.on('index.changed', () => {
    encodersChanged();
    libraryChanged();
  });
  connection.on('job.updated', ({ job }) => {
    jobs.update(job);
    if (job.kind !== 'scan' && job.kind !== 'index') return;
    // What a job brought when it ended is kept apart as well.
    if (isUnderWay(job)) tracks.keep();
    else libraryChanged();
  });
  connection.on('doctor.checking', ({ doctoring }) => host.hear(doctoring));
  connection.on('settings.changed', () => attempt(settings.load()));
  connection.on('data.changed', () => attempt(keeping.load()));
  // Everything that the page holds is of a database that is gone.
  connection.on('data.reopened', () => page.location.reload());
  status.follow(connection, () => void loadState().catch(loadAll));
  void connection.start();
}
