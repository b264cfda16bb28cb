/** @file The page's one set of states of tagging, and how events of the core reach them. */
import { api, connection } from '../client/index.ts';
import { debounce } from '../lib/debounce.ts';
import { attempt, isLibraryAtWork, reportError, undo } from './app.svelte.ts';
import { HeadsState } from './heads.svelte.ts';
import { QuestionsState } from './questions.svelte.ts';
import { SuggestionsState } from './suggestions.svelte.ts';
import { TagChooserState } from './tag-chooser.svelte.ts';
import { TagMarksState } from './tag-marks.svelte.ts';
import { TagSourceSlot } from './tag-source.svelte.ts';
import { TagsPlace } from './tags-place.svelte.ts';
import { TagsState } from './tags.svelte.ts';
import { TracksState } from './tracks.svelte.ts';
import { WritingsState } from './writings.svelte.ts';

export const tags = new TagsState(api, undo);
export const tagMarks = new TagMarksState(api, reportError);
export const taggedTracks = new TracksState(api);
export const heads = new HeadsState(api);
export const suggestions = new SuggestionsState(api, undo);
export const questions = new QuestionsState(api, undo);
export const writings = new WritingsState(api);
export const tagsPlace = new TagsPlace();
export const tagSource = new TagSourceSlot();
export const tagChooser = new TagChooserState(tags, tagMarks);

/** A burst of answers is followed a few times a second. */
const tagsChanged = debounce(
  () => {
    attempt(tags.load());
    tagMarks.refresh();
    if (taggedTracks.tagId !== null) taggedTracks.refresh();
    attempt(heads.countChanges());
    void suggestions.countAbove();
  },
  60,
  300,
);

const headsChanged = debounce(() => attempt(heads.load()), 60, 300);
const tracksHeard = debounce(() => attempt(suggestions.countFresh()), 300, 1500);
const writingChanged = debounce(() => attempt(writings.load()), 120, 500);

connection.on('tags.changed', () => tagsChanged());
connection.on('heads.changed', () => headsChanged());
// A head is old when tracks were indexed since.
connection.on('index.changed', () => {
  headsChanged();
  tracksHeard();
});
connection.on('writing.changed', () => writingChanged());
connection.on('library.changed', () => taggedTracks.tagId !== null && attempt(taggedTracks.follow(isLibraryAtWork())));

function loadAll(): void {
  attempt(tags.load());
  attempt(heads.load());
  attempt(writings.load());
  tagMarks.refresh();
}

connection.onState((state) => {
  if (state === 'open') loadAll();
});
if (connection.state === 'open') loadAll();
