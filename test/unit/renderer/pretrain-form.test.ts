/** @file The form of a new run: fields with their kinds, what is changed and wrong, and what another kind brings. */
import { describe, expect, it } from 'vitest';
import { pretraining } from '../../../src-main/contract/index.ts';
import type { pretraining as types } from '../../../src-main/contract/index.ts';
import { valueAt, withValue } from '../../../src-renderer/lib/setting-paths.ts';
import { PretrainForm } from '../../../src-renderer/state/pretrain-form.svelte.ts';
import { boundsText, kindAt, problemOf } from '../../../src-renderer/state/setting-kinds.ts';
import type { NumberBounds, SettingKind } from '../../../src-renderer/state/setting-kinds.ts';

const { clmr, cpc, library, music2vec, myna, vicmus, vicreg } = pretraining.recipeDefaults;
const everyKind: types.PretrainSettings[] = [
  clmr,
  vicreg,
  cpc,
  vicmus,
  music2vec,
  myna,
  library,
  { ...clmr, objective: pretraining.objectiveDefaults.bce },
  { ...clmr, optimizer: pretraining.optimizerDefaults.lars },
  { ...clmr, optimizer: pretraining.optimizerDefaults.sgd },
  { ...clmr, chunk: 8, length: { unit: 'steps', amount: 100 } },
  { ...clmr, length: { unit: 'minutes', amount: 0.5 } },
];

/** Values at, within and beyond the bounds, whole and not. */
function probes(kind: SettingKind, value: unknown): unknown[] {
  const around = ({ least, most }: NumberBounds): number[] => [least, most, least - 1, most + 1, least + 0.5, Number.NaN, Infinity, 1];
  switch (kind.kind) {
    case 'number':
      return around(kind.bounds);
    case 'optional':
      return [null, ...around(kind.bounds)];
    case 'range': {
      const { least, most } = kind.bounds;
      return [...around(kind.bounds).map((one) => ({ least: one, most })), { least: most, most: least }, { least, most }];
    }
    case 'list':
      return [[], ...around(kind.bounds).map((one) => [one]), new Array(kind.mostItems + 1).fill(kind.bounds.least)];
    case 'choice':
      return [...kind.values, 'nothing of the kind', 7];
    case 'toggle':
      return [true, false, 'yes'];
    case 'length': {
      const unit = valueAt(value, 'unit');
      const bounds = kind.units.find((one) => one.unit === unit)?.bounds;
      return bounds === undefined ? [] : around(bounds).map((amount) => ({ unit, amount }));
    }
  }
}

describe('the fields', () => {
  it('have a kind wherever the settings hold a value', () => {
    for (const { path } of pretraining.fields) {
      const holding = everyKind.filter((settings) => valueAt(settings, path) !== undefined);
      expect(holding.length, path).toBeGreaterThan(0);
      for (const settings of holding) expect(kindAt(settings, path), path).not.toBeNull();
    }
    expect(kindAt(clmr, 'objective.variance')).toBeNull();
  });

  it('take and refuse exactly what the contract’s schema takes and refuses', () => {
    let taken = 0;
    let refused = 0;
    for (const settings of everyKind)
      for (const { path } of pretraining.fields) {
        const kind = kindAt(settings, path);
        if (kind === null || path === 'optimizer.kind' || path === 'encoder.architecture') continue;
        for (const value of probes(kind, valueAt(settings, path))) {
          const isTaken = pretraining.pretrainSettingsSchema.safeParse(withValue(settings, path, value)).success;
          expect(problemOf(kind, value) === null, `${path} = ${JSON.stringify(value)}`).toBe(isTaken);
          if (isTaken) taken++;
          else refused++;
        }
      }
    expect(taken).toBeGreaterThan(300);
    expect(refused).toBeGreaterThan(300);
  });

  it('offer every encoder to recipes that any can learn by, each with its own settings', () => {
    const form = new PretrainForm();
    form.chooseRecipe('vicreg');
    const rate = form.settings.encoder.sampleRate;
    const paths = (): string[] => form.fields.map(({ field }) => field.path).filter((path) => path.startsWith('encoder.'));
    expect(paths()).toEqual(['encoder.architecture', 'encoder.sampleRate']);
    form.set('encoder.architecture', 'resnet');
    expect(form.settings.encoder).toEqual({ ...pretraining.encoderDefaults.resnet, sampleRate: rate });
    expect(paths()).toEqual(['encoder.architecture', 'encoder.sampleRate', 'encoder.depth']);
    expect(form.changed.map(({ field }) => field.path)).toEqual(['encoder.architecture']);
    expect(form.request()?.settings.encoder.architecture).toBe('resnet');
    form.set('encoder.depth', 18);
    expect(form.changed.map(({ field }) => field.path)).toEqual(['encoder.architecture', 'encoder.depth']);
    form.setBack('encoder.architecture');
    expect(form.settings.encoder).toEqual(pretraining.presetsOf('vicreg')[0]?.changes(pretraining.recipeDefaults.vicreg).encoder);
    for (const recipe of ['cpc', 'music2vec'] as const) {
      form.chooseRecipe(recipe);
      expect(paths()).not.toContain('encoder.architecture');
    }
  });

  it('offer every optimiser', () => {
    expect(kindAt(clmr, 'optimizer.kind')).toEqual({ kind: 'choice', values: ['adam', 'adamw', 'lars', 'sgd'] });
    expect(kindAt(clmr, 'projector.kind')).toEqual({ kind: 'choice', values: ['identity', 'linear', 'mlp'] });
  });

  it('write their bounds as words', () => {
    expect(boundsText({ least: 0.01, most: 10, isWhole: false, isMostLeftOut: false })).toBe('0.01 to 10');
    expect(boundsText({ least: 0, most: 1, isWhole: false, isMostLeftOut: true })).toBe('0 to below 1');
  });
});

describe('the form', () => {
  const paths = (form: PretrainForm): string[] => form.fields.map(({ field }) => field.path);
  const at = (form: PretrainForm, path: string) => form.fields.find(({ field }) => field.path === path);

  it('begins with nothing changed, nothing wrong, and settings that the schema takes', () => {
    for (const recipe of pretraining.recipeNames)
      for (const preset of pretraining.presetNames) {
        const form = new PretrainForm();
        form.chooseRecipe(recipe);
        form.choosePreset(preset);
        if (form.learnsLabels) form.chooseLabels({ kind: 'table', path: '/labels.csv', columns: [] });
        expect(form.changed).toEqual([]);
        expect(form.problems).toEqual([]);
        expect(form.request()?.settings.recipe).toBe(recipe);
      }
  });

  it('shows the fields of its objective alone', () => {
    const form = new PretrainForm();
    expect(paths(form)).toContain('objective.temperature');
    expect(paths(form)).not.toContain('objective.variance');
    form.chooseRecipe('vicreg');
    expect(paths(form)).toContain('objective.variance');
    expect(paths(form)).not.toContain('objective.temperature');
    form.chooseRecipe('cpc');
    expect(paths(form).filter((path) => /^(projector|augmentation|objective)\./.test(path))).toEqual([
      ...['objective.steps', 'objective.negatives', 'objective.window'],
    ]);
    form.chooseRecipe('music2vec');
    expect(paths(form).filter((path) => /^(projector|augmentation|encoder|schedule|chunk)/.test(path))).toEqual([
      ...['encoder.sampleRate', 'encoder.size', 'encoder.cropSeconds'],
      ...['schedule.kind', 'schedule.finalShare', 'schedule.riseShare', 'schedule.fallShare'],
    ]);
  });

  it('marks what was changed and sets it back', () => {
    const form = new PretrainForm();
    form.set('objective.temperature', 0.1);
    form.set('augmentation.gain.db.least', -12);
    expect(form.changed.map(({ field }) => field.path)).toEqual(['objective.temperature', 'augmentation.gain.db']);
    form.setBack('objective.temperature');
    expect(form.changed.map(({ field }) => field.path)).toEqual(['augmentation.gain.db']);
    form.setAllBack();
    expect(form.changed).toEqual([]);
  });

  it('says what is wrong with a value and begins no run with it', () => {
    const form = new PretrainForm();
    form.set('objective.temperature', 50);
    expect(form.problems.map(({ problem }) => problem)).toEqual(['A number from 0.01 to 10.']);
    expect(form.request()).toBeNull();
    form.set('objective.temperature', 0.5);
    form.set('batch', 10.5);
    expect(form.problems.map(({ problem }) => problem)).toEqual(['A whole number from 2 to 8\u202f192.']);
  });

  it('brings another optimiser’s own numbers, unchanged', () => {
    const form = new PretrainForm();
    form.set('optimizer.kind', 'sgd');
    expect(form.settings.optimizer).toEqual(pretraining.optimizerDefaults.sgd);
    expect(paths(form)).toContain('optimizer.nesterov');
    expect(paths(form)).not.toContain('optimizer.beta1');
    expect(form.changed.map(({ field }) => field.path)).toEqual(['optimizer.kind']);
    form.set('optimizer.momentum', 0.5);
    form.setBack('optimizer.momentum');
    expect(at(form, 'optimizer.momentum')?.value).toBe(0.9);
    form.setBack('optimizer.kind');
    expect(form.changed).toEqual([]);
  });

  it('hides what does nothing: layers of a linear projector, the noise that is not chosen', () => {
    const form = new PretrainForm();
    expect(paths(form)).toContain('augmentation.noise.deviation');
    expect(paths(form)).not.toContain('augmentation.noise.snrDb');
    form.set('projector.kind', 'linear');
    expect(paths(form)).not.toContain('projector.hidden');
    form.set('projector.kind', 'identity');
    expect(paths(form)).not.toContain('projector.dimensions');
  });

  it('recommends LARS from a batch of 96 on, and takes the thesis’s numbers at one press', () => {
    const form = new PretrainForm();
    form.set('batch', 95);
    expect(form.wantsLars).toBe(false);
    form.set('batch', 96);
    expect(form.wantsLars).toBe(true);
    form.takeLars();
    expect(form.wantsLars).toBe(false);
    expect(form.settings.optimizer).toMatchObject({ kind: 'lars', learningRate: 0.075, rateRule: 'square-root' });
    expect(form.settings.schedule).toMatchObject({ kind: 'cosine', warmupEpochs: 30 });
    expect(form.settings.batch).toBe(96);
    expect(form.request()).not.toBeNull();
  });

  it('takes over a run, and a checkpoint to go on from until it is told to begin afresh', () => {
    const form = new PretrainForm();
    const run = { id: 3, name: 'Night', settings: { ...vicreg, batch: 64 }, selection: { kind: 'library' }, deviceWanted: 'cpu' };
    form.continueFrom(run as types.Run, 720);
    expect(form.recipe).toBe('vicreg');
    expect(form.preset).toBeNull();
    expect(form.changed.map(({ field }) => field.path)).toEqual(['batch']);
    expect(form.request()).toMatchObject({ device: 'cpu', continues: { runId: 3, step: 720 }, settings: { batch: 64 } });
    form.startAfresh();
    expect(form.request()).not.toHaveProperty('continues');
  });
});

describe('how long it may take', () => {
  it('is a minute with what learns from the library, and as far as a paper’s recipe is taken otherwise, with the recipe that was looked at', () => {
    const form = new PretrainForm();
    form.chooseRecipe('vicreg');
    form.chooseTime('minute');
    expect([form.time, form.recipe, form.settings]).toEqual(['minute', 'library', library]);
    form.chooseTime('overnight');
    expect([form.time, form.recipe, form.settings.length]).toEqual(['overnight', 'vicreg', { unit: 'minutes', amount: 480 }]);
    form.chooseTime('minute');
    form.chooseRecipe('myna');
    expect([form.time, form.recipe]).toEqual(['try', 'myna']);
  });

  it('is nobody’s choice where settings came from a run', () => {
    const form = new PretrainForm();
    form.duplicate({ settings: library, selection: { kind: 'library' }, deviceWanted: 'auto' } as types.Run);
    expect([form.time, form.recipe, form.settings]).toEqual([null, 'library', library]);
    form.chooseTime('paper');
    expect([form.time, form.recipe]).toEqual(['paper', 'clmr']);
  });

  it('shows of what learns from the library its own settings alone: no transforms of waves, no decoded audio', () => {
    const form = new PretrainForm();
    form.chooseTime('minute');
    const paths = form.fields.map(({ field }) => field.path);
    expect(paths).toContain('augmentation.equaliser.deviationDb');
    expect(paths).toContain('encoder.neurons');
    expect(paths.filter((path) => path.startsWith('augmentation.'))).toEqual(['augmentation.equaliser.deviationDb']);
    expect(paths).not.toContain('cacheMegabytes');
    form.chooseRecipe('clmr');
    expect(form.fields.map(({ field }) => field.path)).not.toContain('augmentation.equaliser.deviationDb');
  });
});
