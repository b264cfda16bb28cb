/** @file A contestant that learns from the labels alone: trained from drawn weights on the clips that probes learn from, and judged by its own head. */
import { createHash } from 'node:crypto';
import { AppError, countOf, defined } from '../../base/index.ts';
import { paperEpochs, paperPatience, protocols } from '../../contract/index.ts';
import type { Evaluation, ProbeHead, Scratch } from '../../contract/index.ts';
import { chosenEncoder, embeddingOutput } from '../../learn/index.ts';
import type { EncoderChoice } from '../../learn/index.ts';
import type { StoredEncoder } from '../../store/index.ts';
import { askedOf } from './asked.ts';
import type { AskedProblem } from './asked.ts';
import { untrainedSeed } from './contestants.ts';
import type { Entrant } from './contestants.ts';
import type { DatasetLibrary } from './dataset-library.ts';
import { documentOf } from './document.ts';
import type { Documented, Taught } from './document.ts';
import { runProbeSession } from './probe-session.ts';
import { packSaid } from './said.ts';
import { planScratch } from './scratch-plan.ts';
import type { ScratchRun, TrainedFromScratch } from './scratch-run.ts';
import { isShort, scratchSettings } from './scratch-settings.ts';

/** What it is made from. `known`: what was evaluated under a key before. */
export type Scratching = Documented & {
  library: DatasetLibrary;
  entrant: Entrant;
  signal: AbortSignal;
  entry: URL;
  known: (key: string) => Evaluation | null;
  onPart: (detail: string, share: number) => void;
};

/** What came out: to be kept under a key, or what was kept under it before. */
export type FromScratch = { known: Evaluation } | { key: string; document: Omit<Evaluation, 'id' | 'at'>; said: Uint8Array };

/** Of the whole: hearing with drawn weights, which tells what can be used, and training. */
const [heardShare, trainedShare] = [0.05, 0.9];

/** @throws AppError BAD_INPUT for too few clips; as runs, indexes and probes do; CANCELLED */
export async function evaluateFromScratch(scratching: Scratching): Promise<FromScratch> {
  const { library, table, wish, head, entrant, onPart, known, signal } = scratching;
  const { choice } = entrant;
  if (wish.supervised === null || choice === null || table.task.kind === 'numbers')
    throw new AppError('INTERNAL', 'Nothing is to be trained from scratch.');
  const drawn = await library.drawn(choice, untrainedSeed);
  const problem = await problemOf(scratching, drawn, (detail, share) => onPart(detail, share * heardShare));
  const runs = runsOf(scratching, { choice, kind: table.task.kind, problem });
  const key = createHash('sha256')
    .update(JSON.stringify([wish.protocol, head, wish.percent, runs.map(({ name }) => name)]))
    .digest('hex');
  const before = known(key);
  if (before !== null) return { known: before };
  const trained: (TrainedFromScratch & { problem: AskedProblem })[] = [];
  for (const [at, run] of runs.entries()) {
    signal.throwIfAborted();
    const part = (detail: string, share: number): void =>
      onPart(`${entrant.name}, seed ${run.settings.seed}: ${detail}`, heardShare + (trainedShare * (at + share)) / runs.length);
    const one = await library.train(run, (detail, share) => part(detail, share * trainedShare));
    const own = await problemOf(scratching, library.encoder(one.encoderId), (detail, share) =>
      part(detail, trainedShare + share * (1 - trainedShare)),
    );
    if (own.manifest !== problem.manifest)
      throw new AppError('NOT_FOUND', `${entrant.name} has heard other clips than it learnt from. Start again: what was trained is kept.`);
    trained.push({ ...one, problem: own });
  }
  return { key, ...(await judged(scratching, { drawn, problem, run: defined(runs[0], 'a seed'), trained })) };
}

async function problemOf(
  { library, table, wish }: Scratching,
  encoder: StoredEncoder,
  onPart: (detail: string, share: number) => void,
): Promise<AskedProblem> {
  const spaces = await library.index(encoder, { outputs: [embeddingOutput], pooling: 'mean' }, onPart);
  const paths = table.clips.map(({ path }) => path);
  const [seed = 1] = wish.seeds;
  return askedOf(table, library.runs(defined(spaces[0], 'an output'), paths), { percent: wish.percent, seed });
}

type Planning = { choice: EncoderChoice; kind: 'tags' | 'classes'; problem: AskedProblem };

/** A run for each seed, named after everything that decides it. */
function runsOf({ library, table, wish, head }: Scratching, { choice, kind, problem }: Planning): ScratchRun[] {
  const length = wish.supervised;
  if (length === null) return [];
  const tracks = library.tracks(problem.clips.map(({ path }) => path));
  const { task } = table;
  return wish.seeds.map((seed) => {
    const parts = { wish: length, choice, kind, head, names: task.labels, folder: wish.folder, seed };
    const { objective } = scratchSettings({ ...parts, clips: problem.clips.length });
    const plan = planScratch({ task, clips: problem.clips, groups: problem.asked.groups, tracks }, { objective, seed });
    const settings = scratchSettings({ ...parts, clips: plan.taught.length });
    const hash = createHash('sha256')
      .update(JSON.stringify([settings, problem.manifest, plan.labels]))
      .digest('hex');
    return { name: `Supervised from scratch, seed ${seed} (${hash})`, settings, plan };
  });
}

type Trained = {
  drawn: StoredEncoder;
  problem: AskedProblem;
  run: ScratchRun;
  trained: readonly (TrainedFromScratch & { problem: AskedProblem })[];
};

async function judged(
  { entry, signal, onPart, entrant, wish, head, ...documented }: Scratching,
  { drawn, problem, run, trained }: Trained,
): Promise<Pick<Extract<FromScratch, { key: string }>, 'document' | 'said'>> {
  const seeds = trained.map(({ head: own, told, problem: { rows } }) => ({
    ...told,
    head: new Map(own),
    rows: { ...rows, columns: null },
  }));
  const answer = await runProbeSession({
    entry,
    request: { type: 'judge', seeds, asked: problem.asked, reading: protocols[wish.protocol].reading },
    signal,
    onShare: (share) => onPart(`${entrant.name}: is judged`, heardShare + trainedShare + (1 - heardShare - trainedShare) * share),
  });
  if (answer.type !== 'probed') throw new AppError('INTERNAL', 'The process that probes answered something else.');
  const { optimizer, batch, objective } = run.settings;
  const dropout = 'dropout' in objective ? objective.dropout : 0;
  const each = trained.map(({ told }) => told);
  const scratch = scratchOf({ wish, plan: run.plan, sampleRate: drawn.sampleRate, each });
  const taught: Taught = {
    scratch,
    chosen: { learningRate: optimizer.learningRate, batch, dropout },
    notes: notesOf(scratch, { title: chosenEncoder(run.settings.encoder).title, head }),
  };
  const heard = { entrant, spaces: [drawn], problem };
  const document = documentOf({ ...documented, wish, head }, heard, {
    probed: answer.probed,
    isStandardised: false,
    training: null,
    taught,
  });
  return { document, said: packSaid(problem.asked, answer.probed) };
}

type Told = Pick<Scratching, 'wish'> & Pick<ScratchRun, 'plan'> & Pick<Scratch, 'sampleRate' | 'each'>;

function scratchOf({ wish, plan, sampleRate, each }: Told): Scratch {
  const { unit, amount } = defined(wish.supervised, 'a length');
  return { unit, amount, sampleRate, clips: plan.taught.length, measured: plan.measured.length, each };
}

const minutes = (seconds: number): string => `${(seconds / 60).toFixed(1)} minutes`;

/** How it was trained, and whether the thesis trains for longer. */
function notesOf({ clips, measured, each }: Scratch, { title, head }: { title: string; head: ProbeHead }): string[] {
  const how = each.map(
    ({ seed, epochs, steps, seconds }) =>
      `seed ${seed} for ${Math.round(epochs * 10) / 10} epochs (${countOf(steps, 'step')}, ${minutes(seconds)})`,
  );
  const own = head === 'mlp' ? 'with a hidden layer' : 'one linear layer';
  const trained = `Supervised from scratch: ${title} with drawn weights learnt from ${countOf(clips, 'labelled clip')} that train, end to end, ${how.join(', ')}. The checkpoint that did best on ${countOf(measured, 'clip')} that validate is judged, by its own head (${own}) and not by a probe.`;
  if (!each.some(isShort)) return [trained];
  return [
    trained,
    `Supervised from scratch was ended by its length, before ${paperPatience} measurements in a row were no better: Spijkervet 2021 trains until then, ${paperEpochs} epochs at most. Trained for as long it may reach more.`,
  ];
}
