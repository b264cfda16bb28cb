/** @file What may stand behind the program's name. */
import { resolve } from 'node:path';

/**
 * The data directory that was named with `--data DIR` or `--data=DIR`; null when none was.
 * @param args the program's arguments, Electron's own among them
 */
export function namedDataDirectory(args: string[]): string | null {
  const joined = args.find((arg) => arg.startsWith('--data='))?.slice('--data='.length);
  const at = args.indexOf('--data');
  const named = joined ?? (at === -1 ? undefined : args[at + 1]);
  return named === undefined || named === '' || named.startsWith('--') ? null : resolve(named);
}
