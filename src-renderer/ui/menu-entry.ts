/** @file What a menu offers. */
import type { IconName } from './icons.ts';

/** One line of a menu. */
export type MenuEntry = {
  label: string;
  icon?: IconName;
  run: () => void;
  disabled?: boolean;
  /** Draws a line above. */
  separated?: boolean;
};
