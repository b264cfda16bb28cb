/** @file Installs the packages and Node 24 and nothing else; what `npm start` and `npm test` do first. */
import { ensureInstalled } from './ensure.mjs';
import { failWith } from './processes.mjs';

try {
  await ensureInstalled();
} catch (error) {
  process.exitCode = failWith(error);
}
