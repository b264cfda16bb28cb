/** @file `folders`: what the library is made of, and where a folder is now that moved. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { AppError } from '../../../base/index.ts';
import type { Folder } from '../../../contract/index.ts';
import type { ScanResult } from '../../../service/index.ts';
import { table } from '../output.ts';
import { follow, runVerb, withServices } from '../session.ts';
import type { CommonOptions } from '../session.ts';
import { verb } from '../verb.ts';
import { scanText } from './library.ts';

/** Adds the verb that deals with folders. */
export function addFolderVerbs(program: Command): void {
  const folders = verb(program, 'folders', 'List the folders of the library.').action(async (options: CommonOptions) => list(options));
  verb(
    folders,
    'remove <folder>',
    'Take a folder out of the library, by its path or number; its files and what is attached to them stay.',
  ).action(async (folder: string, _options: unknown, command: Command) => remove(folder, command.optsWithGlobals()));
  verb(folders, 'move <old> <new>', 'Say where a folder is now that moved: its tracks keep all that is attached to them.').action(
    async (folder: string, to: string, _options: unknown, command: Command) => move({ folder, to }, command.optsWithGlobals()),
  );
}

async function list(options: CommonOptions): Promise<void> {
  await runVerb(options, (session) =>
    withServices(options, session, async ({ library }) => {
      const folders = library
        .folders()
        .map(({ id, path, tracks, state, message, movedTo, isDemo }) => ({ id, path, tracks, state, message, movedTo, isDemo }));
      session.output.result({ folders }, () => {
        const lines = [
          table(
            ['id', 'folder', 'tracks', 'state'],
            folders.map(({ id, path, tracks, state, isDemo }) => [id, isDemo ? `${path} (demo library)` : path, tracks, state]),
          ),
        ];
        for (const { path, movedTo } of folders)
          if (movedTo !== null) lines.push(`${path} seems to be at ${movedTo} now: “folders move” takes its tracks there.`);
        return lines.join('\n');
      });
    }),
  );
}

async function remove(text: string, options: CommonOptions): Promise<void> {
  await runVerb(options, (session) =>
    withServices(options, session, async ({ library }) => {
      const { id, path } = findFolder(library.folders(), text);
      library.removeFolder(id);
      session.output.result({ folder: { id, path } }, () => `${path} was taken out of the library. “scan” with its path brings it back.`);
    }),
  );
}

async function move({ folder, to }: { folder: string; to: string }, options: CommonOptions): Promise<void> {
  await runVerb(options, (session) =>
    withServices(options, session, async (services) => {
      const { id, path } = findFolder(services.library.folders(), folder);
      const result = (await follow(services, session, await services.library.moveFolder(id, to))).result as ScanResult;
      const document = { folder: { id, from: path, to: resolve(to) }, ...result };
      session.output.result(document, () => `${path} is at ${resolve(to)} now. ${scanText(result)}`);
    }),
  );
}

/** The folder that a path or a number names. @throws AppError NOT_FOUND */
function findFolder(folders: readonly Folder[], text: string): Folder {
  const folder = folders.find(({ path }) => path === resolve(text)) ?? folders.find(({ id }) => String(id) === text);
  if (folder !== undefined) return folder;
  throw new AppError('NOT_FOUND', `${resolve(text)} is no folder of the library. \`earmark folders\` lists them.`);
}
