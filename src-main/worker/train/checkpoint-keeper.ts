/** @file Which checkpoints stay: the last few, and the best by the chosen measure. */
import type { pretraining } from '../../contract/index.ts';
import { deleteCheckpoint, writeCheckpoint } from './checkpoint-files.ts';
import type { CheckpointState } from './checkpoint-files.ts';

/** `isBest`: it was the best by held-out tracks when it was saved. */
type Kept = { step: number; loss: number; rank: number; isBest?: boolean };

/** Told about what was written and deleted. */
export type KeeperReply = (
  reply:
    | { type: 'saved'; step: number; loss: number; rank: number; bytes: number; isBest: boolean; activeSeconds: number }
    | { type: 'dropped'; step: number },
) => void;

/** Writes checkpoints and deletes those that are no longer wanted. */
export class CheckpointKeeper {
  readonly #directory: string;
  readonly #policy: pretraining.PretrainSettings['checkpoints'];
  readonly #reply: KeeperReply;
  #kept: Kept[];

  /** @param kept those that lie in the directory */
  constructor(directory: string, policy: pretraining.PretrainSettings['checkpoints'], kept: readonly Kept[], reply: KeeperReply) {
    this.#directory = directory;
    this.#policy = policy;
    this.#kept = kept.toSorted((a, b) => a.step - b.step);
    this.#reply = reply;
  }

  /** The step that was saved last, if any. */
  get lastStep(): number | undefined {
    return this.#kept.at(-1)?.step;
  }

  /**
   * Writes one; nothing when that step is saved already.
   * @param isBest it is the best by held-out tracks
   * @throws AppError of the file system
   */
  async save(checkpoint: CheckpointState, isBest = false): Promise<void> {
    const { step, loss, rank, activeSeconds } = checkpoint;
    if (this.lastStep === step) return;
    const bytes = await writeCheckpoint(this.#directory, checkpoint);
    this.#kept.push({ step, loss, rank, isBest });
    const best = this.#best();
    this.#reply({ type: 'saved', step, loss, rank, bytes, isBest: best === step, activeSeconds });
    const wanted = new Set([best, ...this.#kept.slice(-this.#policy.keep).map((kept) => kept.step)]);
    for (const { step: old } of this.#kept.filter((kept) => !wanted.has(kept.step))) {
      await deleteCheckpoint(this.#directory, old);
      this.#reply({ type: 'dropped', step: old });
    }
    this.#kept = this.#kept.filter((kept) => wanted.has(kept.step));
  }

  #best(): number | undefined {
    const { best } = this.#policy;
    // Each that is called so was better than those before.
    if (best === 'held-out') return this.#kept.findLast((kept) => kept.isBest)?.step;
    const better = (a: Kept, b: Kept): boolean => (best === 'loss' ? a.loss < b.loss : a.rank > b.rank);
    return this.#kept.reduce<Kept | undefined>((found, kept) => (found === undefined || better(kept, found) ? kept : found), undefined)
      ?.step;
  }
}
