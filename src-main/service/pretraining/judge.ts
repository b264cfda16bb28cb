/**
 * @file What follows a run that was fed with an index: its encoder hears the library from the same index, which takes seconds; it is compared with the encoder that
 * it stands upon; and the better of the two is chosen.
 */
import { defined, toAppError } from '../../base/index.ts';
import type { Comparison, EncoderId, pretraining } from '../../contract/index.ts';
import { comparisonText } from '../../contract/index.ts';
import type { StoredEncoder } from '../../store/index.ts';
import { compareEncoders } from '../comparing/compare-encoders.ts';
import { indexSpaces } from '../indexing/index-spaces.ts';
import type { JobContext } from '../jobs/jobs.ts';
import type { Tools } from '../tools.ts';
import { stoodUpon } from '../encoders/stood-upon.ts';

/** What was found, with a sentence about it. `isChosen`: the new encoder is the library's own from now on. */
export type Judgement = { comparison: Comparison | null; isChosen: boolean; says: string };

/**
 * Indexes with an encoder, compares it with the one that it stands upon, and chooses it where it is clearly better, in the place of that one or of another that
 * was learnt upon it before. What cannot be done is said, and ends nothing.
 * @throws AppError CANCELLED
 */
export async function judge(tools: Tools, context: JobContext, { encoderId, settings }: Judged): Promise<Judgement> {
  const { store } = tools;
  try {
    const against = defined(stoodUpon(store, settings.encoder), 'the encoder that it stands upon');
    await indexFromBase(tools, context, store.encoders.get(encoderId), against);
    const report = (done: number, total: number): void =>
      context.report({ done, total, unit: 'tracks', audioSeconds: 0, detail: `Compared with ${against.name}`, failed: 0 });
    const comparison = await compareEncoders(store, { encoderId, againstId: against.id, signal: context.signal, report });
    const isChosen = comparison.verdict === 'better' && chooses(tools, encoderId, against);
    const says = comparisonText(comparison, nameInSentence(against));
    return { comparison, isChosen, says: `${says} ${isChosen ? 'It is chosen from now on.' : staysSay}` };
  } catch (error) {
    const known = toAppError(error, 'compare the encoder');
    if (known.code === 'CANCELLED') throw known;
    return { comparison: null, isChosen: false, says: `The library could not be heard with it yet: ${known.message}` };
  }
}

/** Of an encoder that was not clearly better. */
const staysSay = 'What was chosen before stays chosen; this one is there to choose as well.';

type Judged = { encoderId: EncoderId; settings: Pick<pretraining.PretrainSettings, 'encoder'> };

async function indexFromBase(tools: Tools, context: JobContext, encoder: StoredEncoder, base: StoredEncoder): Promise<void> {
  const hopSamples = base.index?.hopSamples ?? null;
  await indexSpaces(tools, context, { encoder, spaces: [encoder], hopSamples, device: 'cpu' });
  tools.events.emit({ type: 'index.changed', encoderId: encoder.id });
  tools.events.emit({ type: 'encoders.changed' });
}

/** Chooses an encoder in the place of its base, or of another one upon it; what a person chose otherwise stays. */
function chooses({ store, events }: Tools, encoderId: EncoderId, base: StoredEncoder): boolean {
  const { encoderId: chosenId } = store.settings.get();
  const chosen = chosenId === null ? null : store.encoders.get(chosenId);
  const isFamily = chosen === null || chosen.id === base.id || chosen.architecture === store.encoders.get(encoderId).architecture;
  if (!isFamily) return false;
  store.settings.set({ encoderId });
  events.emit({ type: 'settings.changed' });
  return true;
}

/** The built-in encoder by what it is, others by their names. */
function nameInSentence({ source, name }: StoredEncoder): string {
  return source === 'built-in' ? name.toLowerCase() : `“${name}”`;
}
