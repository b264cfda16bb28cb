/** @file The form of a new run: recipe, length, tracks, device and every setting, with what differs from the defaults and what is wrong. */
import { pretraining } from '../../src-main/contract/index.ts';
import type { Api } from '../client/index.ts';
import type { pretraining as types } from '../../src-main/contract/index.ts';
import { isSame, valueAt, withValue } from '../lib/setting-paths.ts';
import { kindAt, problemOf } from './setting-kinds.ts';
import type { SettingKind } from './setting-kinds.ts';

/** What the core takes to begin a run. */
export type StartRequest = Parameters<Api['pretrain']['start']>[0];

/** A setting as the form shows it. */
export type FormField = {
  field: types.Field;
  kind: SettingKind;
  value: unknown;
  /** The recipe's and preset's value. */
  usual: unknown;
  isChanged: boolean;
  /** What is wrong with the value, as a sentence. */
  problem: string | null;
};

type EncoderChoice = types.PretrainSettings['encoder'];

/** From a minute to as long as the papers took. */
export type FormTime = 'minute' | types.PresetName;

/** The recipe that takes a minute. */
const quickest = 'library';

/** A checkpoint to go on from. */
export type Continuation = { runId: types.RunId; step: number; name: string };

/** From this batch on the thesis uses LARS (Spijkervet 2021). */
export const larsBatch = 96;

/** The form. One for the page, so that it is found again as it was left. */
export class PretrainForm {
  #recipe = $state<types.RecipeName>('clmr');
  #preset = $state<types.PresetName | null>('try');
  #settings = $state.raw<types.PretrainSettings>(presetSettings('clmr', 'try'));
  #selection = $state.raw<types.TrackSelection>({ kind: 'library' });
  #device = $state('auto');
  #name = $state('');
  #continues = $state.raw<Continuation | null>(null);
  /** The recipe of a paper that was looked at last. */
  #paper: types.RecipeName = 'clmr';
  /** Kept while a recipe is looked at that needs none. */
  #labels = $state.raw<types.LabelSource | null>(null);
  /** The settings that "changed" is measured against. */
  readonly #usual = $derived(presetSettings(this.#recipe, this.#preset));
  readonly #fields = $derived(pretraining.fields.flatMap((field) => this.#fieldOf(field)));

  get recipe(): types.RecipeName {
    return this.#recipe;
  }

  /** Null for settings that came from a run. */
  get preset(): types.PresetName | null {
    return this.#preset;
  }

  get settings(): types.PretrainSettings {
    return this.#settings;
  }

  get selection(): types.TrackSelection {
    return this.#selection;
  }

  get device(): string {
    return this.#device;
  }

  get name(): string {
    return this.#name;
  }

  get continues(): Continuation | null {
    return this.#continues;
  }

  /** Where labels come from; null while nothing is chosen. */
  get labels(): types.LabelSource | null {
    return this.#labels;
  }

  /** Whether the recipe learns labels, so that there must be some. */
  get learnsLabels(): boolean {
    return pretraining.learnsLabels(this.#settings.objective);
  }

  /** Whether each track has one class, not labels of which each may fit. */
  get isExclusive(): boolean {
    return this.#settings.objective.kind === 'cross-entropy';
  }

  /** Every setting that counts, in the order in which they are shown. */
  get fields(): readonly FormField[] {
    return this.#fields;
  }

  get changed(): readonly FormField[] {
    return this.#fields.filter((each) => each.isChanged);
  }

  get problems(): readonly FormField[] {
    return this.#fields.filter((each) => each.problem !== null);
  }

  /** True when a large batch is to be trained with Adam, where the thesis takes LARS. */
  get wantsLars(): boolean {
    const { batch, objective, optimizer } = this.#settings;
    return batch >= larsBatch && optimizer.kind === 'adam' && pretraining.comparesViews(objective);
  }

  /** How long it may take: the quickest recipe, or how far one of the papers' is taken. Null for settings that came from a run. */
  get time(): FormTime | null {
    return this.#recipe === quickest && this.#preset !== null ? 'minute' : this.#preset;
  }

  /** The quickest recipe; or the paper's recipe that was looked at last, so far. */
  chooseTime(time: FormTime): void {
    if (time === 'minute') return this.chooseRecipe(quickest);
    if (this.#recipe === quickest) this.chooseRecipe(this.#paper);
    this.choosePreset(time);
  }

  /** Another recipe: its own defaults, at the same preset. */
  chooseRecipe(recipe: types.RecipeName): void {
    this.#recipe = recipe;
    if (recipe !== quickest) this.#paper = recipe;
    const known = pretraining.presetsOf(recipe).find(({ name }) => name === this.#preset);
    this.#preset = known?.name ?? 'try';
    this.#settings = this.#labelled(presetSettings(recipe, this.#preset));
  }

  /** Another preset: its own settings. */
  choosePreset(preset: types.PresetName): void {
    this.#preset = preset;
    this.#settings = this.#labelled(presetSettings(this.#recipe, preset));
  }

  chooseTracks(selection: types.TrackSelection): void {
    this.#selection = selection;
  }

  /** Chooses what is learnt; a table without a path is none yet. */
  chooseLabels(from: types.LabelSource | null): void {
    this.#labels = from;
    this.#settings = this.#labelled(this.#settings);
  }

  /** One class a track, or labels of which each may fit. All else stays. */
  chooseExclusive(isExclusive: boolean): void {
    const { objective } = this.#settings;
    if (!pretraining.learnsLabels(objective)) return;
    this.#settings = { ...this.#settings, objective: { ...objective, kind: isExclusive ? 'cross-entropy' : 'bce' } };
  }

  chooseDevice(device: string): void {
    this.#device = device;
  }

  rename(name: string): void {
    this.#name = name;
  }

  /** Puts a value into a setting; another kind brings that kind's own defaults. */
  set(path: string, value: unknown): void {
    if (path === 'optimizer.kind') {
      const kind = value as types.OptimizerSettings['kind'];
      this.#settings = { ...this.#settings, optimizer: this.#usualOptimizer(kind) };
    } else if (path === 'encoder.architecture') {
      const architecture = value as EncoderChoice['architecture'];
      this.#settings = { ...this.#settings, encoder: this.#usualEncoder(architecture) };
    } else this.#settings = withValue(this.#settings, path, value);
  }

  /** Sets a field back to its default. */
  setBack(path: string): void {
    const usual = this.#fields.find(({ field }) => field.path === path)?.usual;
    if (usual !== undefined) this.set(path, usual);
  }

  /** Sets every field back. */
  setAllBack(): void {
    this.#settings = this.#labelled(this.#usual);
  }

  /** LARS with the rate 0.075 × √batch, thirty epochs of warm-up, then a cosine: Spijkervet 2021. */
  takeLars(): void {
    const schedule = { ...this.#settings.schedule, kind: 'cosine', warmupEpochs: 30, finalShare: 0 } as const;
    this.#settings = { ...this.#settings, optimizer: pretraining.optimizerDefaults.lars, schedule };
  }

  /** Takes over a run's settings, tracks and device. */
  duplicate(run: types.Run): void {
    this.#recipe = run.settings.recipe;
    this.#preset = null;
    this.#settings = run.settings;
    this.#labels = run.settings.labels?.from ?? this.#labels;
    this.#selection = run.selection;
    this.#device = run.deviceWanted;
    this.#name = '';
    this.#continues = null;
  }

  /** As {@link duplicate}, beginning with a checkpoint's weights. */
  continueFrom(run: types.Run, step: number): void {
    this.duplicate(run);
    this.#continues = { runId: run.id, step, name: run.name };
  }

  /** Begins with drawn weights after all. */
  startAfresh(): void {
    this.#continues = null;
  }

  /** What the core is asked to do; null while something is wrong. */
  request(): StartRequest | null {
    if (this.learnsLabels && this.#settings.labels === null) return null;
    if (this.problems.length > 0 || !pretraining.pretrainSettingsSchema.safeParse(this.#settings).success) return null;
    const name = this.#name.trim();
    const continues = this.#continues === null ? {} : { continues: { runId: this.#continues.runId, step: this.#continues.step } };
    return {
      settings: this.#settings,
      selection: this.#selection,
      device: this.#device,
      ...(name === '' ? {} : { name }),
      ...continues,
    };
  }

  #labelled(settings: types.PretrainSettings): types.PretrainSettings {
    const isKnown = this.#labels !== null && (this.#labels.kind === 'tags' || this.#labels.path.trim() !== '');
    const from = isKnown && pretraining.learnsLabels(settings.objective) ? this.#labels : null;
    return { ...settings, labels: from === null ? null : { from, names: [] } };
  }

  #fieldOf(field: types.Field): FormField[] {
    const { path } = field;
    const kind = kindAt(this.#settings, path);
    if (kind === null || !pretraining.isInUse(this.#settings, field)) return [];
    const value = valueAt(this.#settings, path);
    const usual = this.#usualOf(path);
    return [{ field, kind, value, usual, isChanged: !isSame(value, usual), problem: problemOf(kind, value) }];
  }

  #usualOf(path: string): unknown {
    const { optimizer, encoder } = this.#settings;
    if (path === 'optimizer.kind' || path === 'encoder.architecture') return valueAt(this.#usual, path);
    if (path.startsWith('optimizer.')) return valueAt({ optimizer: this.#usualOptimizer(optimizer.kind) }, path);
    if (path.startsWith('encoder.')) return valueAt({ encoder: this.#usualEncoder(encoder.architecture) }, path);
    return valueAt(this.#usual, path);
  }

  /** The recipe's own, else a family's first values at the recipe's rate. */
  #usualEncoder(architecture: EncoderChoice['architecture']): EncoderChoice {
    const { encoder } = this.#usual;
    if (encoder.architecture === architecture) return encoder;
    return pretraining.withRate(pretraining.encoderDefaults[architecture], encoder.sampleRate);
  }

  #usualOptimizer(kind: types.OptimizerSettings['kind']): types.OptimizerSettings {
    return this.#usual.optimizer.kind === kind ? this.#usual.optimizer : pretraining.optimizerDefaults[kind];
  }
}

function presetSettings(recipe: types.RecipeName, preset: types.PresetName | null): types.PretrainSettings {
  const defaults = pretraining.recipeDefaults[recipe];
  return (
    pretraining
      .presetsOf(recipe)
      .find(({ name }) => name === preset)
      ?.changes(defaults) ?? defaults
  );
}
