/** @file What a view contributes to the application: its place in the rail, its page, and what it can do elsewhere. All views stand in one list, `views.ts`. */
import type { Component } from 'svelte';
import type { Job, JobKind, TrackId } from '../../src-main/contract/index.ts';
import type { Action } from '../lib/keys.ts';
import type { OpenDialog } from '../state/dialogs.svelte.ts';
import type { ViewName } from '../state/route.svelte.ts';
import type { Example } from '../state/similar-query.svelte.ts';
import type { IconName } from '../ui/icons.ts';
import type { MenuEntry } from '../ui/menu-entry.ts';

/** Gives the examples that something is done with; they may have to be fetched. */
export type ExampleSource = () => readonly Example[] | Promise<readonly Example[]>;

/** Rows of any table of music: tracks or passages. */
export type ChosenRows = {
  examples: ExampleSource;
  /** How many tracks they belong to, and which. */
  tracks: number;
  trackIds: () => Promise<readonly TrackId[]>;
};

/** What is held over a view's link in the rail and dropped there. */
export type DroppedTracks = (trackIds: readonly TrackId[], at: { x: number; y: number }) => void;

/** A view. */
export type View = {
  title: string;
  icon: IconName;
  /** Opens it from everywhere. */
  key: string;
  /** Other words that the palette finds it by. */
  alsoCalled?: string;
  /** Stands at the rail's end. */
  isApart?: boolean;
  page: Component;
  /** What can be done from everywhere. */
  actions?: () => Action[];
  /** What the palette finds for typed words besides those, such as a neuron by its number. */
  called?: (typed: string) => Action[];
  /** Its dialogs: shows the one that is open if it is one of them. */
  dialogs?: Component<{ dialog: OpenDialog }>;
  /** Entries of the context menu of rows in any view's table. */
  rowEntries?: (rows: ChosenRows) => MenuEntry[];
  /** The way to what jobs of a kind work on; null where there is none now. */
  openJob?: { readonly [Kind in JobKind]?: (job: Job) => (() => void) | null };
  /** What becomes of tracks that are dropped on its link. */
  take?: DroppedTracks;
};

/** Every view by its name in the address. */
export type Views = Readonly<Record<ViewName, View>>;
