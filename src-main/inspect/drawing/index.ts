/** @file Drawing of figures, the same for pages and for files. Pure: nothing but numbers and texts. */
export { drawBands } from './bands.ts';
export type { Band, BandFigure } from './bands.ts';
export { csvFile, svgFile } from './files.ts';
export type { FigureTable, FigureWords } from './files.ts';
export { drawFactors, factorsHeight, factorsTable, factorsWords } from './factors.ts';
export { heatHeight } from './heat.ts';
export { drawOccurrence, occurrenceTable, occurrenceWords, tellingNeurons } from './occurrence.ts';
export { drawSpectra, spectraTable, spectraWords } from './spectra.ts';
export type { Drawing, FigureColour, FigureMark, Frame } from './marks.ts';
export { figureHeatLevels, fileColour, heatOfFigures } from './palette.ts';
export { drawProfile, profileNeurons, profileTable, profileWords } from './profile.ts';
export type { ProfileOrder, ShownProfile } from './profile.ts';
export { linearTicks } from './ticks.ts';
