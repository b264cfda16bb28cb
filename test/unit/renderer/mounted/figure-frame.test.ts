// @vitest-environment happy-dom
/** @file The frame of a figure that there is none of: what cannot be as things are is told as what to do, and no more is claimed to have failed. */
import { createRawSnippet } from 'svelte';
import { describe, expect, it } from 'vitest';
import { ClientError } from '../../../../src-renderer/client/index.ts';
import FigureFrame from '../../../../src-renderer/view/inspect/figures/FigureFrame.svelte';
import { show } from '../../../support/mount.svelte.ts';

const controls = createRawSnippet(() => ({ render: () => '<span></span>' }));

/** Words of the frame where making the figure ended in an error. */
function wordsOf(error: unknown): string {
  const making = { error, isLooking: false, isOutdated: false, progress: null, stop: () => undefined, again: async () => undefined };
  show(FigureFrame as never, { making, figure: null, about: 'It shows waves.', controls });
  return document.body.textContent ?? '';
}

describe('the frame of a figure', () => {
  it.each(['BAD_INPUT', 'NOT_FOUND'])('says what to do after %s, and offers to look again', (code) => {
    const words = wordsOf(new ClientError(code, 'Filter spectra are made of a SampleCNN. Choose one in the header.'));
    expect(words).toMatch(/There is nothing to draw here yet\..*Choose one in the header\..*Look again/s);
    expect(words).not.toMatch(/could not be made/);
  });

  it('says that a figure failed after anything else, and offers to try again', () => {
    const words = wordsOf(new ClientError('DEVICE_FAILED', 'The process ended. Try again.'));
    expect(words).toMatch(/The figure could not be made\..*The process ended\..*Try again/s);
    expect(words).not.toMatch(/nothing to draw/);
  });
});
