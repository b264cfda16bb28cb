/** @file What a scan passed over, counted, and said in a sentence. */
import { countOf } from '../../base/index.ts';
import type { PassedOver } from './walk.ts';

/** A kind of what was passed over, and how many there are. */
export type PassedOverCount = PassedOver & { count: number };

/** Counts one more. */
export function addPassedOver(counts: PassedOverCount[], { what, why }: PassedOver, count: number): void {
  const known = counts.find((one) => one.what === what && one.why === why);
  if (known === undefined) counts.push({ what, why, count });
  else known.count += count;
}

/** What a person may miss, as a sentence: sound that is not read, companions and folders of the system; empty without any. */
export function passedOverSays(counts: readonly PassedOverCount[]): string {
  const sum = (why: PassedOver['why']): number => counts.reduce((total, one) => (one.why === why ? total + one.count : total), 0);
  const formats = counts.filter(({ why }) => why === 'format').map(({ what, count }) => `${count} ${what}`);
  const parts = [
    formats.length === 0 ? '' : `${formats.join(', ')} (not read)`,
    sum('companion') === 0 ? '' : `${countOf(sum('companion'), 'companion')} (._ files)`,
    sum('system') === 0 ? '' : `${countOf(sum('system'), 'system folder')} (${namesOf(counts)})`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : `Passed over: ${parts.join(', ')}.`;
}

function namesOf(counts: readonly PassedOverCount[]): string {
  const names = counts.filter(({ why }) => why === 'system').map(({ what }) => what);
  return names.length > 4 ? `${names.slice(0, 4).join(', ')} …` : names.join(', ');
}
