/** @file Settings of a run from a command's options, and the contract's fields that they name. */
import { describe, expect, it } from 'vitest';
import { pretraining } from '../../../src-main/contract/index.ts';
import { flatten, inUse, resolveLength, resolveSettings } from '../../../src-main/service/pretraining/settings-options.ts';

describe('settings from options', () => {
  it('are those of the paper without any', () => {
    expect(resolveSettings({})).toEqual(pretraining.recipeDefaults.clmr);
    expect(resolveSettings({ recipe: 'vicreg' })).toEqual(pretraining.recipeDefaults.vicreg);
  });

  it('are the preset’s, then what the shortcuts and fields say', () => {
    const settings = resolveSettings({ preset: 'try', batch: 16, chunk: 8, seed: 7, steps: 5, set: ['objective.temperature=0.1'] });
    expect(settings).toMatchObject({ batch: 16, chunk: 8, seed: 7, length: { unit: 'steps', amount: 5 } });
    expect(settings).toMatchObject({ encoder: { sampleRate: 8000 }, objective: { kind: 'nt-xent', temperature: 0.1 } });
    expect(pretraining.recipeDefaults.clmr.objective).toMatchObject({ temperature: 0.5 });
  });

  it('swap in the fields of a kind, in whatever order they are named', () => {
    const { optimizer } = resolveSettings({ set: ['optimizer.trust=0.01', 'optimizer.kind=lars'] });
    expect(optimizer).toEqual({ ...pretraining.optimizerDefaults.lars, trust: 0.01 });
    expect(resolveSettings({ set: ['objective.kind=vicreg'] }).objective).toEqual(pretraining.objectiveDefaults.vicreg);
  });

  it('read lists, nothing, and truth', () => {
    const set = ['projector.hidden=[64,32]', 'chunk=null', 'projector.batchNorm=true', 'augmentation.views=asymmetric'];
    const settings = resolveSettings({ set });
    expect(settings.projector).toMatchObject({ hidden: [64, 32], batchNorm: true });
    expect([settings.chunk, settings.augmentation.views]).toEqual([null, 'asymmetric']);
  });

  it.each([
    ['batch=1', 'batch takes a whole number from 2 to 8192, not 1.'],
    ['optimizer.beta1=1', 'optimizer.beta1 takes a number from 0 to below 1, not 1.'],
    ['encoder.sampleRate=44100', 'encoder.sampleRate takes one of 22050, 16000, 8000, not 44100.'],
    ['optimizer.kind=adagrad', 'optimizer.kind takes one of adam, adamw, lars, sgd, not "adagrad".'],
    ['projector.hidden=[0]', 'projector.hidden.0 takes a whole number from 1 to 16384, not 0.'],
    ['chunk=lots', 'chunk takes a whole number from 2 to 8192 or null, not "lots".'],
    ['augmentation.gain.db.least=3', 'augmentation.gain.db: The least may not be above the most.'],
    ['length.unit=days', 'length.unit takes one of steps, epochs, minutes, not "days".'],
    ['objective.kind=mse', 'objective.kind takes one of nt-xent, vicreg, sogclr, info-nce, '],
    ['augmentation.polarity.probability=2', 'augmentation.polarity.probability takes a number from 0 to 1, not 2.'],
    ['schedule.kind=3', 'schedule.kind takes one of constant, cosine, rise-cosine, tri-stage, plateau, not 3.'],
    ['projector.batchNorm=maybe', 'projector.batchNorm takes true or false, not "maybe".'],
    ['length.amount=0', 'length.amount takes a whole number from 1 to 1000000, not 0.'],
  ])('are refused with the range of the field: %s', (change, says) => {
    expect(() => resolveSettings({ set: [change] })).toThrow(says);
  });

  it.each([
    ['optimizer.learnigRate=1', /no setting optimizer.learnigRate.*mean optimizer.learningRate\b/],
    ['temperature=1', /mean objective.temperature/],
    ['optimizer.trust=1', /no setting optimizer.trust/],
    ['batch.size=1', /no setting batch.size/],
    ['toString=1', /no setting toString/],
    ['__proto__.x=1', /no setting __proto__.x/],
    ['batch', /path=value/],
  ])('are refused with near names where there is no such field: %s', (change, says) => {
    expect(() => resolveSettings({ set: [change] })).toThrow(says);
  });

  it('of another family of encoders come with it, at the same rate', () => {
    const set = ['encoder.architecture=cpc', 'encoder.sampleRate=8000'];
    expect(resolveSettings({ recipe: 'vicmus', set }).encoder).toEqual({ architecture: 'cpc', sampleRate: 8000 });
    expect(resolveSettings({ recipe: 'cpc', set: ['encoder.architecture=resnet', 'encoder.depth=18'] }).encoder).toEqual({
      architecture: 'resnet',
      sampleRate: 22050,
      depth: 18,
    });
    expect(resolveSettings({ set: ['encoder.architecture=data2vec', 'encoder.size=base'] }).encoder).toEqual({
      ...{ architecture: 'data2vec', sampleRate: 22050, size: 'base', cropSeconds: 5 },
    });
  });

  it.each([
    ['optimizer=5', 'optimizer holds several settings. Set optimizer.kind, optimizer.learningRate, optimizer.rateRule … one by one.'],
    ['length=null', 'length holds several settings. Set length.unit, length.amount one by one.'],
    ['projector.hidden=[1,2,3,4,5]', 'projector.hidden takes a list of at most 4 such as [512]'],
    ['length.amount=1e999', 'length.amount takes a whole number from 1 to 1000000, not Infinity.'],
  ])('are refused with what to set instead: %s', (text, says) => {
    expect(() => resolveSettings({ set: [text] })).toThrow(says);
  });

  it('have one length at most', () => {
    expect(() => resolveLength({ steps: 1, epochs: 1 })).toThrow(/one of --steps, --epochs/);
    expect(resolveLength({ minutes: 0.5 })).toEqual({ unit: 'minutes', amount: 0.5 });
    expect(resolveLength({})).toBeUndefined();
    expect(() => resolveLength({ steps: 0 })).toThrow(/length.amount takes a whole number from 1/);
  });
});

describe('the fields that people read about', () => {
  it('are every setting, each once in any settings', () => {
    const { clmr, vicreg } = pretraining.recipeDefaults;
    const variants = [
      ...Object.values(pretraining.encoderDefaults).map((encoder) => ({ ...clmr, encoder })),
      ...Object.values(pretraining.optimizerDefaults).map((optimizer) => ({ ...clmr, optimizer })),
      ...Object.values(pretraining.objectiveDefaults).map((objective) => ({ ...vicreg, objective })),
    ];
    const isWhole = (path: string): string => path.replace(/\.(least|most)$/, '').replace(/^length\..*/, 'length');
    const all = new Set(variants.flatMap((settings) => [...flatten(settings).keys()].map(isWhole)));
    // What a recipe is made of besides its encoder is no field to fill in.
    for (const path of Object.keys(pretraining.recipeParts)) if (path !== 'encoder.architecture') all.delete(path);
    // Where labels come from is chosen apart.
    all.delete('labels');
    expect([...new Set(pretraining.fields.map(({ path }) => path))].toSorted()).toEqual([...all].toSorted());
    for (const settings of variants) {
      const own = pretraining.fields.filter((field) => pretraining.isInUse(settings, field) && flatten(settings).has(field.path));
      expect(own.map(({ path }) => path)).toEqual([...new Set(own.map(({ path }) => path))]);
    }
  });

  it('are what the own kind declared, where kinds declare a name differently', () => {
    const { clmr, myna, music2vec } = pretraining.recipeDefaults;
    const sourceOf = (path: string, settings: pretraining.PretrainSettings): string | undefined =>
      pretraining.fieldAt(path, settings)?.source;
    expect(sourceOf('objective.temperature', clmr)).toBe('Spijkervet 2021');
    expect(sourceOf('objective.temperature', myna)).toContain('Yuan et al. 2022');
    expect(sourceOf('optimizer.weightDecay', music2vec)).toContain('Loshchilov');
    expect(() => resolveSettings({ recipe: 'myna', set: ['objective.temperature=0.01'] })).toThrow('a number from 0.02 to 10');
    expect(resolveSettings({ recipe: 'clmr', set: ['objective.temperature=0.01'] }).objective).toMatchObject({ temperature: 0.01 });
  });

  it('tell those that count beside the others', () => {
    const counting = (settings: pretraining.PretrainSettings): string[] => [...inUse(settings).keys()];
    const { clmr, cpc, music2vec } = pretraining.recipeDefaults;
    expect(counting(clmr)).toEqual(expect.arrayContaining(['recipe', 'chunk', 'projector.kind', 'augmentation.pitch.semitones.least']));
    expect(counting({ ...clmr, projector: { ...clmr.projector, kind: 'identity' } })).not.toContain('projector.hidden');
    expect(counting(cpc)).toEqual(expect.arrayContaining(['recipe', 'objective.steps', 'memoryMegabytes', 'length.amount']));
    expect(counting(cpc).filter((path) => /^(chunk|projector|augmentation)/.test(path))).toEqual([]);
    const masking = counting(music2vec);
    expect(masking).toEqual(expect.arrayContaining(['encoder.size', 'objective.maskSpan', 'schedule.riseShare', 'schedule.finalShare']));
    expect(masking.filter((path) => /^(chunk|projector|augmentation|schedule.warmup)/.test(path))).toEqual([]);
  });

  it('are tried at 8 kHz where waves are heard, and at the published rate where a picture has one size at any', () => {
    const tried = (recipe: pretraining.RecipeName): [number, string] => {
      const preset = pretraining.presetsOf(recipe)[0];
      const { encoder } = preset?.changes(pretraining.recipeDefaults[recipe]) ?? pretraining.recipeDefaults[recipe];
      return [encoder.sampleRate, preset?.about(pretraining.recipes[recipe]) ?? ''];
    };
    for (const recipe of ['clmr', 'vicreg', 'cpc', 'music2vec'] as const)
      expect(tried(recipe)).toEqual([8000, expect.stringContaining('at 8 kHz')]);
    for (const [recipe, rate] of [
      ['vicmus', 22_050],
      ['simclr-mel', 22_050],
      ['myna', 16_000],
    ] as const)
      expect(tried(recipe)).toEqual([rate, expect.not.stringContaining('8 kHz')]);
  });

  it('have defaults that the schema takes, in every recipe and preset', () => {
    for (const defaults of Object.values(pretraining.recipeDefaults))
      for (const settings of [defaults, ...pretraining.presetsOf(defaults.recipe).map(({ changes }) => changes(defaults))])
        expect(pretraining.pretrainSettingsSchema.parse(settings)).toEqual(settings);
  });
});
