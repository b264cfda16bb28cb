/** @file What is to be evaluated: a data set in a folder, a protocol, encoders, seeds. */
import type { Api } from '../client/index.ts';
import { ownTags, protocols } from '../../src-main/contract/index.ts';
import type {
  DatasetCheck,
  EncoderId,
  EvaluationWish,
  KnownDataset,
  LayerUse,
  ProbeHead,
  ProtocolName,
} from '../../src-main/contract/index.ts';

/** What is used of the core. */
type FormApi = { datasets: Pick<Api['datasets'], 'list' | 'check'>; evaluate: Pick<Api['evaluate'], 'start' | 'ownTags'> };

/** The person’s own tags among the data sets. */
const ownTagsKnown: KnownDataset = {
  ...{ name: ownTags.name, title: ownTags.title, about: '', holds: '' },
  tasks: [{ name: ownTags.task, title: ownTags.taskTitle, kind: 'tags' }],
  splits: [{ name: ownTags.split, title: 'Folds that part no artist' }],
};
const tooFewTags = new Error(
  'There is too little to learn and to judge: a tag on 5 tracks at least, of 3 artists at least. Tag more tracks first.',
);

/** So long a training from scratch takes at most until a person says otherwise. */
const usualMinutes = 60;

/** The form, with what is known of the folder. */
export class EvaluateFormState {
  readonly #api: FormApi;
  #known = $state.raw<readonly KnownDataset[]>([]);
  #check = $state.raw<DatasetCheck | null>(null);
  #problem = $state.raw<unknown>(null);
  #isChecking = $state(false);
  #abort = new AbortController();
  path = $state('');
  protocol = $state<ProtocolName>('clmr');
  #head = $state<ProbeHead | null>(null);
  #layers = $state<LayerUse>('one');
  encoderIds = $state.raw<readonly EncoderId[] | null>(null);
  baselines = $state(true);
  /** Whether an encoder is trained from scratch on the same labels, and for how many minutes at most. */
  isSupervised = $state(false);
  supervisedMinutes = $state(usualMinutes);
  seeds = $state(1);
  percent = $state(100);

  constructor(api: FormApi) {
    this.#api = api;
  }

  /** What the folder holds; null until it was looked at. */
  get check(): DatasetCheck | null {
    return this.#check;
  }

  /** Why it could not be looked at; null when it could. */
  get problem(): unknown {
    return this.#problem;
  }

  get isChecking(): boolean {
    return this.#isChecking;
  }

  /** The data set in the folder. */
  readonly dataset: KnownDataset | null = $derived.by(
    () => [...this.#known, ownTagsKnown].find(({ name }) => name === this.#check?.dataset) ?? null,
  );

  /** The head: that which was chosen where the protocol knows it, else the protocol's first. */
  readonly head: ProbeHead = $derived.by(() => {
    const { heads } = protocols[this.protocol];
    return this.#head !== null && heads.includes(this.#head) ? this.#head : (heads[0] ?? 'linear');
  });

  /** Layers that are probed: those that were chosen where the protocol knows them, else one. */
  readonly layers: LayerUse = $derived.by(() => (protocols[this.protocol].layers.includes(this.#layers) ? this.#layers : 'one'));

  /** Whether the task can be learnt from scratch: tags or classes of a data set that validates by clips of its own. */
  readonly canSupervise: boolean = $derived.by(() => {
    const check = this.#check;
    return check !== null && check.dataset !== ownTags.name && check.manifest.kind !== 'numbers' && check.counts.validation > 0;
  });

  chooseLayers(layers: LayerUse): void {
    this.#layers = layers;
  }

  chooseHead(head: ProbeHead): void {
    this.#head = head;
  }

  async load(): Promise<void> {
    this.#known = await this.#api.datasets.list();
  }

  /** Looks at a folder, as one task and split of what it holds; null: the first. */
  async look(path: string, { task = null, split = null }: { task?: string | null; split?: string | null } = {}): Promise<void> {
    this.#abort.abort();
    const abort = new AbortController();
    this.#abort = abort;
    if (path !== this.path) this.#check = null;
    this.path = path;
    this.#problem = null;
    this.#isChecking = true;
    try {
      const wish = { path, ...(task === null ? {} : { task }), ...(split === null ? {} : { split }) };
      const check = await this.#api.datasets.check(wish, { signal: abort.signal });
      if (this.#abort === abort) this.#check = check;
    } catch (error) {
      if (this.#abort === abort) this.#problem = error;
    } finally {
      if (this.#abort === abort) this.#isChecking = false;
    }
  }

  /** Takes the person’s own tags for the data set. */
  async lookAtTags(): Promise<void> {
    this.#abort.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.#isChecking = true;
    try {
      const check = await this.#api.evaluate.ownTags();
      if (this.#abort !== abort) return;
      this.path = '';
      this.percent = 100;
      this.#check = check;
      this.#problem = check === null ? tooFewTags : null;
    } catch (error) {
      if (this.#abort === abort) this.#problem = error;
    } finally {
      if (this.#abort === abort) this.#isChecking = false;
    }
  }

  /** Stops looking. */
  stop(): void {
    this.#abort.abort();
    this.#isChecking = false;
  }

  /** Begins. @param chosen the encoder that is taken where none was named */
  async start(chosen: EncoderId | null): Promise<void> {
    const check = this.#check;
    if (check === null) return;
    const ids = this.encoderIds ?? (chosen === null ? [] : [chosen]);
    const wish: EvaluationWish = {
      ...{ folder: check.path, dataset: check.dataset, task: check.manifest.task, split: check.manifest.split },
      ...{ protocol: this.protocol, head: this.head, baselines: this.baselines, percent: this.percent },
      layers: this.layers,
      supervised: this.isSupervised && this.canSupervise ? { unit: 'minutes', amount: this.supervisedMinutes } : null,
      encoders: ids.map((encoderId) => ({ encoderId })),
      seeds: Array.from({ length: this.seeds }, (_, at) => at + 1),
    };
    await this.#api.evaluate.start(wish);
  }
}
