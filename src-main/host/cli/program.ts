/** @file The verbs of the command line, put together. */
import { Command, CommanderError } from 'commander';
import { defined, visibleText } from '../../base/index.ts';
import { exitCodes, version } from './session.ts';
import { addDataVerbs, addLibraryExchange } from './verbs/data.ts';
import { addDatasetVerbs } from './verbs/datasets.ts';
import { addDemoVerb } from './verbs/demo.ts';
import { addDuplicateVerb } from './verbs/duplicates.ts';
import { addEncoderVerbs } from './verbs/encoders.ts';
import { addEvaluateVerbs } from './verbs/evaluate.ts';
import { addExperimentVerbs } from './verbs/experiment.ts';
import { addFolderVerbs } from './verbs/folders.ts';
import { addInspectVerbs } from './verbs/inspect.ts';
import { addLibraryVerbs } from './verbs/library.ts';
import { addListenVerbs } from './verbs/listen.ts';
import { addPlaylistVerbs } from './verbs/playlists.ts';
import { addPretrainVerb } from './verbs/pretrain.ts';
import { addRunVerbs } from './verbs/runs.ts';
import { addSimilarVerbs } from './verbs/similar.ts';
import { addTagVerbs } from './verbs/tags.ts';
import { addToolVerbs } from './verbs/tools.ts';

/** Builds the program with all its verbs. */
export function createProgram(): Command {
  const program = new Command('earmark')
    .description('Learns to hear your own music library, and shows what every neuron listens for. Nothing leaves this machine.')
    .version(version())
    .configureOutput({
      writeOut: (text) => process.stdout.write(visibleText(text)),
      // What was typed wrongly is repeated here.
      writeErr: (text) => process.stderr.write(visibleText(text)),
    })
    .showHelpAfterError('(Add --help for what it takes.)');
  addLibraryVerbs(program);
  addFolderVerbs(program);
  addDemoVerb(program);
  addEncoderVerbs(program);
  addListenVerbs(program);
  addInspectVerbs(program);
  addEvaluateVerbs(program);
  addExperimentVerbs(program);
  addSimilarVerbs(program);
  addTagVerbs(program);
  addPlaylistVerbs(program);
  addDuplicateVerb(program);
  addPretrainVerb(program);
  addRunVerbs(program);
  addDatasetVerbs(program);
  addDataVerbs(program);
  addLibraryExchange(groupOf(program, 'export'), groupOf(program, 'import'));
  addToolVerbs(program);
  exitByException(program);
  return program;
}

/** A verb that has verbs of its own. */
function groupOf(program: Command, name: string): Command {
  return defined(
    program.commands.find((command) => command.name() === name),
    `the verb ${name}`,
  );
}

function exitByException(command: Command): void {
  command.exitOverride();
  for (const sub of command.commands) exitByException(sub);
}

/** Runs the verb that the arguments name, and sets the exit code. */
export async function runProgram(): Promise<void> {
  try {
    await createProgram().parseAsync();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help and version end well; everything else that commander refuses is bad usage.
    process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.badUsage;
  }
}
