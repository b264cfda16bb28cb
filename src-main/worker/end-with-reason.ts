/** @file Imported by every child process's entry: an exception that nobody caught ends the process, and its last line says why, which the core tells of the job. */
import { writeSync } from 'node:fs';
import { defectLine } from '../base/index.ts';

function end(error: unknown): void {
  try {
    const line = defectLine(error);
    writeSync(process.stderr.fd, `${/^\w*Error: /.test(line) ? line : `Error: ${line}`}\n`);
  } finally {
    process.exit(1);
  }
}

process.on('uncaughtException', end);
process.on('unhandledRejection', end);
