/** @file Drawing of figures, the same for pages and for files. Pure: nothing but numbers and texts. */
export {
  drawLayers,
  drawMatched,
  drawShared,
  layersHeight,
  layersTable,
  layersWords,
  matchedTable,
  matchedWords,
  sharedSentence,
  sharedTable,
  sharedWords,
} from './beside.ts';
export type { ShownBeside } from './beside.ts';
export { drawLikeness, likenessOrder, likenessSentence, likenessTable, likenessWords } from './likeness.ts';
export type { ShownLikeness } from './likeness.ts';
export { drawBands } from './bands.ts';
export type { Band, BandFigure } from './bands.ts';
export { csvFile, svgFile } from './files.ts';
export type { FigureTable, FigureWords } from './files.ts';
export { drawDrift, driftTable, driftWords } from './drift.ts';
export { drawFactors, factorsHeight, factorsTable, factorsWords } from './factors.ts';
export { heatHeight } from './heat.ts';
export { drawOccurrence, occurrenceTable, occurrenceWords, tellingNeurons } from './occurrence.ts';
export { drawSound, soundTable, soundWords } from './sound.ts';
export {
  besideSpectraTable,
  besideSpectraWords,
  drawBesideSpectra,
  drawSpectra,
  spectraAt,
  spectraTable,
  spectraWords,
} from './spectra.ts';
export type { Drawing, FigureColour, FigureMark, Frame } from './marks.ts';
export { figureHeatLevels, fileColour, heatOfFigures } from './palette.ts';
export { drawProfile, profileNeurons, profileTable, profileWords } from './profile.ts';
export type { ProfileOrder, ShownProfile } from './profile.ts';
export { drawTaggram, strongestTags, taggramHeight, taggramTable, taggramWords } from './taggram.ts';
export type { ShownTaggram } from './taggram.ts';
export { linearTicks } from './ticks.ts';
export { drawCurves, nearestAt } from './curves.ts';
export type { Curve, CurvesFigure } from './curves.ts';
export { drawPoints, nearestPoint } from './points.ts';
export type { NamedPoint, PointsFigure } from './points.ts';
export { drawRows, rowsHeight } from './rows.ts';
export type { FigureRow, RowsFigure } from './rows.ts';
export type { Reach } from './series.ts';
