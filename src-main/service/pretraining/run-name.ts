/** @file What a run is called when nobody named it. */
import { withUnit } from '../../base/index.ts';
import type { pretraining } from '../../contract/index.ts';

const recipes: Record<pretraining.RecipeName, string> = { clmr: 'CLMR', vicreg: 'VICReg' };

/** For example `CLMR, 22050 Hz, 1000 epochs`. */
export function runName({ recipe, encoder, length }: pretraining.PretrainSettings): string {
  const { unit, amount } = length;
  return `${recipes[recipe]}, ${encoder.sampleRate} Hz, ${withUnit(String(amount), unit)}`;
}
