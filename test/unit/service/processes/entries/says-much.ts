/** @file Says more than a pipe holds, and ends at once. */
import { repliesTo } from '../../../../../src-main/worker/replies.ts';

const { reply, finish } = repliesTo<{ part: number; bytes: Uint8Array }>();

process.on('message', () => {
  for (let part = 0; part < 8; part++) reply({ part, bytes: new Uint8Array(500_000).fill(part) });
  finish();
});
process.on('disconnect', () => process.exit(0));
