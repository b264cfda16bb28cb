/** @file The colours of figures: what a file is drawn with, on white, and the levels of heat in both themes. */
import type { FigureColour } from './marks.ts';

/** Levels of heat above “nothing”; a test holds them to the way from teal to violet on which all pictures go. */
export const heatOfFigures: Readonly<Record<'light' | 'dark', readonly string[]>> = {
  light: [
    ...['#d1f0f1', '#b3e5ec', '#95dae8', '#78cee6', '#5cc1e3', '#42b3e0', '#29a4dc', '#1594d7'],
    ...['#0d85d1', '#1475c8', '#1e64be', '#2654b2', '#2b44a4', '#2e3494', '#2e2484', '#2c1374'],
  ],
  dark: [
    ...['#1b1c30', '#212744', '#263358', '#29406d', '#294e81', '#265d93', '#216ca4', '#197db4'],
    ...['#118cc0', '#119dcc', '#1daed6', '#31bedf', '#48cfe7', '#60dfee', '#79eef5', '#91fdfd'],
  ],
};

/** How many there are. */
export const figureHeatLevels = heatOfFigures.light.length;

const named: Readonly<Record<string, string>> = { text: '#1f1e1b', muted: '#54524f', line: '#dedddb', first: '#5a4ebf', second: '#b94082' };

/** A colour as a file on white has it. */
export function fileColour(colour: FigureColour): string {
  return named[colour] ?? heatOfFigures.light[Number(colour.slice('heat-'.length)) - 1] ?? '#ffffff';
}

/** A share, 0 to 1, as a level: 0 where there is nothing, the last where it is whole. */
export function levelOf(share: number): number {
  return share > 0 ? Math.min(figureHeatLevels, Math.ceil(share * figureHeatLevels)) : 0;
}
