/**
 * @file Makes and changes playlists without a pause and tells of each change once it is made, until it is killed: what was told must be there afterwards.
 * Argument: the data directory. Each line: a list's name and its tracks.
 */
import { createServices } from '../../../src-main/service/index.ts';
import { sourceEntries } from '../../../src-main/host/core.ts';

const nobody = async (): Promise<null> => null;
const host = { kind: 'serve' as const, version: '0', chooseFolder: nobody, chooseWeights: nobody, reveal: async () => undefined };
const report = (error: unknown): void => console.error(error);
const { playlists, store } = createServices({ dataDirectory: process.argv[2] ?? '', host, entries: sourceEntries, report });
const trackIds = store.tracks.audio().map(({ trackId }) => trackId);

function tell(name: string, tracks: readonly number[]): Promise<void> {
  return new Promise((resolve) => process.stdout.write(`${JSON.stringify({ name, tracks })}\n`, () => resolve()));
}

for (let number = store.playlists.list().length; ; number++) {
  const name = `list ${number}`;
  const { id } = await playlists.create({ name, trackIds: [], smart: null });
  await tell(name, []);
  await playlists.add(id, { trackIds, at: undefined });
  await tell(name, trackIds);
  await playlists.setTracks(id, trackIds.toReversed());
  await tell(name, trackIds.toReversed());
}
