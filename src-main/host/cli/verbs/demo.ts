/** @file `demo`: adds the music that comes with Earmark, and takes it out again. */
import type { Command } from 'commander';
import { countOf } from '../../../base/index.ts';
import type { ScanResult } from '../../../service/index.ts';
import { follow, runVerb, withServices } from '../session.ts';
import type { CommonOptions } from '../session.ts';
import { verb } from '../verb.ts';
import { scanText } from './library.ts';

type DemoOptions = CommonOptions & { remove: boolean };

/** Adds the verb that deals with the demo library. */
export function addDemoVerb(program: Command): void {
  verb(program, 'demo', 'Add the demo library, short tracks of many kinds that come with Earmark, to try it before your own music is in.')
    .option('--remove', 'take the demo library out again; tags, notes and playlists come back with it', false)
    .action(async (options: DemoOptions) => (options.remove ? remove(options) : add(options)));
}

async function add(options: DemoOptions): Promise<void> {
  await runVerb(options, (session) =>
    withServices(options, session, async (services) => {
      const { folder, scan } = services.library.addDemo();
      const result = scan === null ? nothingDone(folder.tracks) : ((await follow(services, session, scan)).result as ScanResult);
      const { id, path } = folder;
      session.output.result({ folder: { id, path }, wasThere: scan === null, ...result }, () =>
        scan === null
          ? `The demo library is there already, with ${countOf(folder.tracks, 'track')}; nothing was done.`
          : `The demo library is in your library. ${scanText(result)}\n“index” lets Earmark listen to it, “demo --remove” takes it out again.`,
      );
    }),
  );
}

function nothingDone(unchanged: number): ScanResult {
  return { added: 0, updated: 0, moved: 0, removed: 0, unchanged, failed: [], passedOver: [] };
}

async function remove(options: DemoOptions): Promise<void> {
  await runVerb(options, (session) =>
    withServices(options, session, async ({ library }) => {
      const removed = library.removeDemo();
      const folder = removed === null ? null : { id: removed.id, path: removed.path };
      session.output.result({ folder }, () =>
        folder === null
          ? 'The demo library is not in your library; nothing was done.'
          : 'The demo library was taken out. “demo” brings it back, with all that you attached to its tracks.',
      );
    }),
  );
}
