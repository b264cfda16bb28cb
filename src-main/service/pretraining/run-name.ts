/** @file What a run is called when nobody named it. */
import { withUnit } from '../../base/index.ts';
import { pretraining } from '../../contract/index.ts';

/** For example `CLMR, 22050 Hz, 1000 epochs`. */
export function runName({ recipe, encoder, length }: pretraining.PretrainSettings): string {
  const { unit, amount } = length;
  return `${pretraining.recipes[recipe].title}, ${encoder.sampleRate} Hz, ${withUnit(String(amount), unit)}`;
}
