/** @file `tag write`: a dry run unless told otherwise; the writing; taking it back. */
import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { AppError } from '../../../base/index.ts';
import { writableFields } from '../../../contract/index.ts';
import type { FileChange, WritableField, Writing, WritingId, WritingWish } from '../../../contract/index.ts';
import type { Services } from '../../../service/index.ts';
import { table } from '../output.ts';
import { follow, runVerb, withServices } from '../session.ts';
import type { CommonOptions, Session } from '../session.ts';
import { choice, verb } from '../verb.ts';
import { findTag } from './tag-place.ts';
import { findTrack } from './track-place.ts';

type WriteOptions = CommonOptions & {
  tags?: string[];
  field?: WritableField;
  name?: string;
  replace: boolean;
  withKind: boolean;
  only?: string[];
  yes: boolean;
  resume?: WritingId;
  undo?: WritingId;
  batches: boolean;
};

/** Files of a batch that are read at a time. */
const pageFiles = 1000;

/** Adds `tag write`. */
export function addTagWriteVerb(tag: Command): void {
  verb(tag, 'write', 'Write tags to the files of the tracks that carry them. Without --yes nothing is written, only listed.')
    .option('-t, --tags <tag...>', 'the tags')
    .option('-f, --field <field>', `where to: ${writableFields.join(', ')}`, choice(writableFields))
    .option('--name <name>', 'what a custom field is called')
    .option('--replace', 'instead of what the field says (default: behind it)', false)
    .option('--with-kind', 'write `mood: rainy` instead of `rainy`', false)
    .option('--only <track...>', 'only these tracks, by their numbers or paths')
    .option('--yes', 'write', false)
    .option('--resume <batch>', 'go on with a batch that was interrupted', batch)
    .option('--undo <batch>', 'put back what the files of a batch said before', batch)
    .option('--batches', 'list the batches', false)
    .action(async (options: WriteOptions) =>
      runVerb(options, (session) => withServices(options, session, (services) => write(options, services, session))),
    );
}

function batch(text: string): WritingId {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be the number of a batch; `--batches` lists them.');
  return Number(text) as WritingId;
}

async function write(options: WriteOptions, services: Services, session: Session): Promise<void> {
  if (options.batches) return listBatches(services, session);
  if (options.undo !== undefined) return carryOut(options.undo, 'undo', services, session);
  if (options.resume !== undefined) return carryOut(options.resume, 'start', services, session);
  const plan = await services.writing.plan(wishOf(options, services), session.interrupted);
  if (options.yes) return carryOut(plan.id, 'start', services, session);
  const files = filesOf(services, plan.id);
  services.writing.discard(plan.id);
  session.output.result({ written: false, files }, () => planText(files));
}

function wishOf({ tags, field, name, replace, withKind, only }: WriteOptions, { store }: Services): WritingWish {
  if (tags === undefined || field === undefined)
    throw new AppError('BAD_INPUT', 'Say which tags to write, and where: `earmark tag write --tags rainy --field genre`.');
  return {
    field,
    ...(name === undefined ? {} : { customName: name }),
    tagIds: tags.map((text) => findTag(store, text).id),
    mode: replace ? 'replace' : 'add',
    withKind,
    ...(only === undefined ? {} : { trackIds: only.map((text) => findTrack(store, text)) }),
  };
}

async function carryOut(id: WritingId, what: 'start' | 'undo', services: Services, session: Session): Promise<void> {
  const { settled, jobId } = services.writing[what](id);
  const { message } = await follow(services, session, { jobId, settled });
  const files = filesOf(services, id);
  const says = what === 'start' ? ` \`earmark tag write --undo ${id}\` takes it back.` : '';
  const problems = files.map((file) => (file.message === '' ? '' : `\n${file.message}`)).join('');
  const document = { written: what === 'start', batch: services.store.writings.get(id), files };
  session.output.result(document, () => `${message}${says}${problems}`);
}

function filesOf({ writing }: Services, writingId: WritingId): FileChange[] {
  const files: FileChange[] = [];
  for (;;) {
    const { total, rows } = writing.files({ writingId, offset: files.length, limit: pageFiles });
    files.push(...rows);
    if (files.length >= total || rows.length === 0) return files;
  }
}

function planText(files: readonly FileChange[]): string {
  const of = (state: FileChange['state']): FileChange[] => files.filter((file) => file.state === state);
  const [planned, failed, unchanged] = [of('planned'), of('failed'), of('unchanged')];
  const changes = planned.map(({ path, before, after }) => `${path}\n  ${valuesText(before)} → ${valuesText(after)}`);
  const problems = failed.map(({ message }) => message);
  const counts = `${planned.length} to be written, ${unchanged.length} as they should be, ${failed.length} that cannot be written.`;
  return [...changes, ...problems, `${counts} Nothing was written${planned.length === 0 ? '' : '; --yes writes'}.`].join('\n');
}

function valuesText(values: readonly string[]): string {
  return values.length === 0 ? '(empty)' : values.join(' | ');
}

function listBatches({ writing }: Services, { output }: Session): void {
  const batches: Writing[] = writing.list();
  output.result({ batches }, () =>
    table(
      ['batch', 'field', 'state', 'files', 'written', 'failed', 'put back'],
      batches.map(({ id, wish, state, files, written, failed, undone }) => [id, wish.field, state, files, written, failed, undone]),
    ),
  );
}
