/** @file The system's own dialogs, and the file manager. */
import { BrowserWindow, dialog, shell } from 'electron';
import type { OpenDialogOptions } from 'electron';
import { stat } from 'node:fs/promises';
import { toAppError } from '../../base/index.ts';
import type { MainQuestions } from './core-messages.ts';
import type { Answers } from './questions.ts';

const weights = { name: 'Weights of an encoder', extensions: ['safetensors', 'ckpt', 'pt', 'pth', 'bin', 'zip', 'onnx'] };

/** What main answers when the core asks. */
export const mainAnswers: Answers<MainQuestions> = {
  chooseFolder: () => chooseFolder(),
  chooseWeights: () =>
    choose({ title: 'Import weights', properties: ['openFile'], filters: [weights, { name: 'All files', extensions: ['*'] }] }),
  reveal: async ({ path }) => {
    await stat(path).catch((error: unknown) => {
      throw toAppError(error, `show ${path}`);
    });
    shell.showItemInFolder(path);
    return null;
  },
};

/** Asks for a folder of music; null when the person closes the dialog. */
export function chooseFolder(): Promise<string | null> {
  return choose({ title: 'Add a folder of music', buttonLabel: 'Add folder', properties: ['openDirectory'] });
}

async function choose(options: OpenDialogOptions): Promise<string | null> {
  const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
  const { canceled, filePaths } =
    window === undefined ? await dialog.showOpenDialog(options) : await dialog.showOpenDialog(window, options);
  return canceled ? null : (filePaths[0] ?? null);
}
