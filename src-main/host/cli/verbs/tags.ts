/** @file `tag` with `list`, `add`, `remove`, `rename`, `merge`, `undo` and `from`; `tag-heads.ts` and `tag-write.ts` add the others. */
import type { Command } from 'commander';
import { AppError } from '../../../base/index.ts';
import { tagFields } from '../../../contract/index.ts';
import type { Change, ChangeId, Tag, TagField } from '../../../contract/index.ts';
import type { Services } from '../../../service/index.ts';
import { tagLabel, typedTagWords } from '../../../store/index.ts';
import { table } from '../output.ts';
import { runVerb, withServices } from '../session.ts';
import type { CommonOptions, Session } from '../session.ts';
import { verb } from '../verb.ts';
import { addTagHeadVerbs } from './tag-heads.ts';
import { findTag } from './tag-place.ts';
import { addTagWriteVerb } from './tag-write.ts';
import { findTrack } from './track-place.ts';

type FromOptions = CommonOptions & { kind: string; all: boolean };
type Work = (services: Services, session: Session) => void | Promise<void>;

/** Adds `tag`. */
export function addTagVerbs(program: Command): void {
  const tag = program.command('tag').description('Say what music is in your own words, have the rest suggested, and write it to files.');
  const carryOut = (options: CommonOptions, work: Work): Promise<void> =>
    runVerb(options, (session) => withServices(options, session, async (services) => work(services, session)));
  verb(tag, 'list', 'List the tags.').action((options: CommonOptions) => carryOut(options, list));
  verb(tag, 'add <tag> <tracks...>', 'Put a tag (`mood: rainy`) on tracks, by their numbers or paths; a new one is made.').action(
    (name: string, tracks: string[], options: CommonOptions) => carryOut(options, (...around) => add([name, tracks], ...around)),
  );
  verb(tag, 'remove <tag> [tracks...]', 'Take a tag off tracks; without tracks, remove the tag from everything.').action(
    (name: string, tracks: string[], options: CommonOptions) => carryOut(options, (...around) => remove([name, tracks], ...around)),
  );
  verb(tag, 'rename <tag> <name>', 'Call a tag something else; `mood: rainy` gives it a kind too.').action(
    (name: string, other: string, options: CommonOptions) => carryOut(options, (...around) => rename([name, other], ...around)),
  );
  verb(tag, 'merge <into> <tags...>', 'Make several tags one.').action((into: string, tags: string[], options: CommonOptions) =>
    carryOut(options, (...around) => merge([into, tags], ...around)),
  );
  verb(tag, 'undo [change]', 'Take back the latest change of tags, or the one with this number; undoing that does it again.').action(
    (change: string | undefined, options: CommonOptions) => carryOut(options, (...around) => undo(change, ...around)),
  );
  verb(tag, 'changes', 'List the changes that can be taken back.').action((options: CommonOptions) => carryOut(options, changes));
  verb(tag, 'from <field> [values...]', `Make tags of what files say (${tagFields.join(', ')}); without values, list them.`)
    .option('--kind <kind>', 'the kind of the new tags', '')
    .option('--all', 'of every value', false)
    .action((field: string, values: string[], options: FromOptions) =>
      carryOut(options, (...around) => from([field, values, options], ...around)),
    );
  addTagWriteVerb(tag);
  addTagHeadVerbs(tag);
}

function list({ tagging }: Services, { output }: Session): void {
  const tags = tagging.list();
  output.result({ tags }, () =>
    tags.length === 0
      ? 'There are no tags yet. `earmark tag add NAME TRACK` makes one.'
      : table(
          ['tag', 'tracks', 'passages', 'rejected'],
          tags.map((tag) => [tagLabel(tag), tag.tracks, tag.passages, tag.rejected]),
        ),
  );
}

async function add([name, tracks]: [string, string[]], { store, tagging }: Services, session: Session): Promise<void> {
  const targets = tracks.map((text) => ({ trackId: findTrack(store, text) }));
  const { tag } = tagging.create({ kind: '', name });
  const { change } = await tagging.mark({ tagIds: [tag.id], targets, answer: 'yes' });
  done(session, change, {
    tag: store.tags.get(tag.id),
    otherwise: 'All of these tracks carry it already.',
  });
}

async function remove([name, tracks]: [string, string[]], { store, tagging }: Services, session: Session): Promise<void> {
  const tag = findTag(store, name);
  if (tracks.length === 0) return done(session, tagging.remove([tag.id]).change, { tag });
  const trackIds = tracks.map((text) => findTrack(store, text));
  const marks = store.tags.marksOf(trackIds).filter(({ tagId }) => tagId === tag.id);
  const targets = marks.map(({ trackId, startMs, endMs }) =>
    startMs === null || endMs === null ? { trackId } : { trackId, startMs, endMs },
  );
  const taken = targets.length === 0 ? null : await tagging.mark({ tagIds: [tag.id], targets, answer: 'none' });
  done(session, taken?.change ?? null, { tag: store.tags.get(tag.id), otherwise: 'None of these tracks carries it.' });
}

function rename([name, other]: [string, string], { store, tagging }: Services, session: Session): void {
  const { id, kind } = findTag(store, name);
  const words = typedTagWords({ kind: '', name: other });
  const { tag, change } = tagging.update({ tagId: id, name: words.name, kind: words.kind === '' ? kind : words.kind });
  done(session, change, { tag, otherwise: 'That is its name already.' });
}

async function merge([into, tags]: [string, string[]], { store, tagging }: Services, session: Session): Promise<void> {
  const target = findTag(store, into);
  const tagIds = tags.map((text) => findTag(store, text).id);
  const { change } = await tagging.merge({ tagIds, into: target.id });
  done(session, change, { tag: store.tags.get(target.id), otherwise: 'There is nothing to merge.' });
}

async function undo(number: string | undefined, { store, tagging }: Services, session: Session): Promise<void> {
  const latest = store.tags.changes()[0];
  if (number === undefined && latest === undefined) throw new AppError('NOT_FOUND', 'There is no change of tags that could be taken back.');
  if (number !== undefined && !/^[1-9]\d{0,8}$/.test(number))
    throw new AppError('BAD_INPUT', `${number} is not the number of a change. List them with \`earmark tag changes\`.`);
  const changeId = number === undefined ? latest?.id : (Number(number) as ChangeId);
  done(session, (await tagging.undo(changeId as ChangeId)).change, { otherwise: 'Nothing was different.' });
}

function changes({ store }: Services, { output }: Session): void {
  const all = store.tags.changes();
  output.result({ changes: all }, () =>
    table(
      ['number', 'change', 'when'],
      all.map(({ id, title, at }) => [id, title, new Date(at).toLocaleString()]),
    ),
  );
}

async function from(
  [text, values, { kind, all }]: [string, string[], FromOptions],
  { store, tagging }: Services,
  session: Session,
): Promise<void> {
  const field: TagField | undefined = tagFields.find((one) => one === text);
  if (field === undefined) throw new AppError('BAD_INPUT', `There is no field ${text}. Choose one of ${tagFields.join(', ')}.`);
  const found = await tagging.fieldValues(field);
  if (values.length === 0 && !all) {
    const rows = found.map(({ value, tracks }) => [value, tracks]);
    return session.output.result({ field, values: found }, () => table(['value', 'tracks'], rows));
  }
  const { tagIds, change } = await tagging.fromField({ field, values: all ? found.map(({ value }) => value) : values, kind });
  const tags = tagIds.map((id) => store.tags.get(id));
  session.output.result(
    { tags, change },
    () => change?.title ?? 'Nothing was different: no track has such a value, or all are tagged already.',
  );
}

function done(session: Session, change: Change | null, { tag, otherwise = '' }: { tag?: Tag; otherwise?: string }): void {
  session.output.result({ ...(tag === undefined ? {} : { tag }), change }, () => (change === null ? otherwise : `${change.title}.`));
}
