/** @file Entry of the command line: `earmark <verb> …`. Compiled code is kept between runs, here and in child processes, so that verbs answer sooner. */
import { enableCompileCache } from 'node:module';
import { watchStarter } from '../starter.ts';

watchStarter();
const { directory } = enableCompileCache();
if (directory !== undefined) process.env['NODE_COMPILE_CACHE'] ??= directory;
const { runProgram } = await import('./program.ts');
await runProgram();
