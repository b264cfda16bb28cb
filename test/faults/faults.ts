/** @file All planted faults. */
import { augmentFaults } from './augment.ts';
import { besideFaults } from './beside.ts';
import { conceptFaults } from './concepts.ts';
import { datasetFaults } from './datasets.ts';
import type { Fault } from './fault.ts';
import { figureFaults } from './figures.ts';
import { headFaults } from './heads.ts';
import { inspectFaults } from './inspect.ts';
import { labelFaults } from './labels.ts';
import { learningFaults } from './learning.ts';
import { learnLibraryFaults } from './learn-library.ts';
import { maskedFaults } from './masked.ts';
import { neuronPageFaults } from './neuron-page.ts';
import { probeFaults } from './probes.ts';
import { scoreFaults } from './scores.ts';
import { sequenceAndPictureFaults } from './sequences-and-pictures.ts';
import { similarFaults } from './similar.ts';
import { timbreFaults } from './timbre.ts';
import { vitFaults } from './vit.ts';

export const faults: readonly Fault[] = [
  ...learningFaults,
  ...sequenceAndPictureFaults,
  ...maskedFaults,
  ...vitFaults,
  ...timbreFaults,
  ...learnLibraryFaults,
  ...conceptFaults,
  ...headFaults,
  ...labelFaults,
  ...scoreFaults,
  ...probeFaults,
  ...datasetFaults,
  ...augmentFaults,
  ...inspectFaults,
  ...figureFaults,
  ...similarFaults,
  ...besideFaults,
  ...neuronPageFaults,
];
