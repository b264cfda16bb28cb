/** @file What a field with type-ahead offers. */
import type { IconName } from './icons.ts';

/** One offer. */
export type TypeAheadItem = {
  readonly id: string;
  readonly label: string;
  readonly note?: string;
  readonly icon?: IconName;
};
