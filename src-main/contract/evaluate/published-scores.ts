/** @file What papers report on data sets that Earmark evaluates on, to stand beside one's own figures. Pure. */
import type { FigureName } from './evaluations.ts';

/**
 * A row of a paper's table; shares from 0 to 1. `parameters`: of its encoder, where Earmark has the same and has counted them, else null. `differs`: how it came
 * about otherwise than by what Earmark does; empty where nothing is known.
 */
export type PublishedScore = {
  dataset: string;
  task: string;
  name: string;
  figures: { [Name in FigureName]?: number };
  parameters: number | null;
  source: string;
  differs: string;
};

const clmr = 'Spijkervet 2021, chapter 6';
/** Counted: SampleCNN at 22 050 Hz, and the ResNet-50 that VICMus has. */
const [sampleCnn, resnet50] = [2_368_512, 23_508_032];
const asRun = 'pre-trained for up to 10 000 epochs on the whole data set';

/** MagnaTagATune's fifty tags by Pons's split. */
function magnatagatune(
  name: string,
  [rocAuc, averagePrecision]: readonly [number, number],
  differs: string,
  { source = clmr, parameters = null }: { source?: string; parameters?: number | null } = {},
): PublishedScore {
  return { dataset: 'magnatagatune', task: 'top50', name, figures: { averagePrecision, rocAuc }, parameters, source, differs };
}

export const publishedScores: readonly PublishedScore[] = [
  magnatagatune('CLMR, linear', [0.8849, 0.3537], asRun, { parameters: sampleCnn }),
  magnatagatune('CLMR, hidden layer', [0.8925, 0.3589], asRun, { parameters: sampleCnn }),
  magnatagatune('CPC, linear', [0.866, 0.3098], 'pre-trained on the whole data set'),
  magnatagatune('CPC, hidden layer', [0.8799, 0.3304], 'pre-trained on the whole data set'),
  magnatagatune('SampleCNN, supervised', [0.8856, 0.3438], 'no probe: learnt from the labels as a whole', { parameters: sampleCnn }),
  magnatagatune('Pons et al., supervised', [0.8905, 0.3492], 'no probe: learnt from the labels as a whole'),
  magnatagatune('1D CNN, supervised', [0.8558, 0.2959], 'no probe: learnt from the labels as a whole'),
  magnatagatune('VICReg on CLMR’s encoder', [0.8915, 0.3585], 'pre-trained on FMA or GTZAN; CLMR in the same setting has 88.1 and 33.8', {
    source: 'Hesse and Löf 2023',
    parameters: sampleCnn,
  }),
  {
    ...{ dataset: 'magnatagatune', task: 'top50', name: 'VICMus, ResNet-50', parameters: resnet50 },
    ...{ figures: { averagePrecision: 0.363 }, source: 'Löf et al. 2024', differs: 'mean average precision, pre-trained on FMA' },
  },
  {
    ...{ dataset: 'nsynth', task: 'pitch', name: 'VICMus, ResNet-50', parameters: resnet50 },
    ...{ figures: { accuracy: 0.544 }, source: 'Löf et al. 2024', differs: 'pre-trained on FMA' },
  },
  {
    ...{ dataset: 'nsynth', task: 'family', name: 'VICMus, ResNet-50', parameters: resnet50 },
    ...{ figures: { accuracy: 0.644 }, source: 'Löf et al. 2024', differs: 'pre-trained on FMA' },
  },
];
