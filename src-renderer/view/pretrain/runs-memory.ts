/** @file What the table of runs remembers of how it was left. */
import { api } from '../../client/index.ts';
import { reportError } from '../../state/app.svelte.ts';
import { ViewMemory } from '../../state/view-memory.svelte.ts';
import type { GridSort } from '../../ui/grid/index.ts';

/** Widths by column, and the order. */
export type RunsMemory = { widths: Record<string, number>; sort: GridSort[] };

/** The page's one memory of the table of runs. */
export const runsMemory = new ViewMemory<RunsMemory>(api, 'runs', { widths: {}, sort: [] }, reportError);
