/** @file A process that exits while its threads are in the middle of files. */
import { DecodePool } from '../../../../src-main/worker/decode-pool.ts';

const path = process.argv[2] ?? '';
const pool = new DecodePool({ threads: 2 });
const decodings = [pool.decode(path, { sampleRate: 22_050 }), pool.decode(path, { sampleRate: 22_050 })];
await Promise.all(decodings.map((decoding) => decoding.next()));
process.exit(7);
