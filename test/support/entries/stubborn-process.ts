/**
 * @file A child whose main thread never comes back, and which ends by no signal that can be caught. Its address says in what it is stuck: `?loop` in
 * JavaScript, `?native` in one call that runs none (as a training step on a processor is).
 */
import Database from 'better-sqlite3';

const endlessQuery = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT sum(i) FROM n';

function stuck(): void {
  if (import.meta.url.endsWith('?native')) new Database(':memory:').exec(endlessQuery);
  for (;;);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
if (process.send === undefined) process.stdout.write(`${process.pid}\n`, () => setImmediate(stuck));
else process.send({ processId: process.pid }, () => setImmediate(stuck));
