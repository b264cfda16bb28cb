/** @file The procedures of Inspect, each one line. */
import type { Handlers } from '../../contract/index.ts';
import type { Inspecting } from './inspecting.ts';

/** Makes the handlers of the subject `inspect`. */
export function inspectHandlers(inspecting: Inspecting): Handlers['inspect'] {
  return {
    profile: (wish, signal) => inspecting.figures.profile(wish, { signal }),
    occurrence: (wish, signal) => inspecting.figures.occurrence(wish, { signal }),
    occurrenceSegments: (cell, signal) => inspecting.figures.occurrenceSegments(cell, { signal }),
    factors: (wish, signal) => inspecting.figures.factors(wish, { signal }),
    spectra: (wish, signal) => inspecting.spectra.spectra(wish, { signal }),
    spectrumWave: (wish, signal) => inspecting.spectra.wave(wish, { signal }),
    libraries: (wish, signal) => inspecting.libraries.libraries(wish, { signal }),
    dataSetSound: (wish) => inspecting.libraries.sound(wish),
    dataSets: () => inspecting.libraries.dataSets(),
    encoders: (wish, signal) => inspecting.encoders.encoders(wish, { signal }),
    neighbours: (wish, signal) => inspecting.encoders.neighbours(wish, { signal }),
    sound: (wish, signal) => inspecting.sounds.sound(wish, { signal }),
    drift: (wish, signal) => inspecting.drifts.drift(wish, { signal }),
    related: (wish, signal) => inspecting.related(wish, signal),
    learnConcepts: (wish) => ({ jobId: inspecting.concepts.learn(wish).jobId }),
    estimateConcepts: (wish, signal) => inspecting.concepts.estimate(wish, signal),
    drawMap: async (wish) => ({ jobId: (await inspecting.maps.draw(wish)).jobId }),
    map: (wish) => inspecting.maps.get(wish),
    mapGroups: (wish) => inspecting.maps.groups(wish),
    mapValues: (wish) => inspecting.maps.values(wish),
    concepts: () => inspecting.concepts.list(),
    neurons: ({ encoderId }, signal) => inspecting.neurons(encoderId, signal),
  };
}
