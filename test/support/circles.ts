/** @file Looks for circles among source files: files that import each other, directly or over others, types among them (as `import/no-cycle` would). */
import { posix } from 'node:path';
import type { Source } from './edges.ts';
import { importsOf } from './imports.ts';

/**
 * Groups of files that reach each other by imports (Tarjan's strongly connected components of more than one file), each sorted by path. An address
 * that a process or thread is started with is no import.
 */
export function circlesAmong(sources: readonly Source[]): string[][] {
  const targets = new Map(sources.map(({ path, text }) => [path, localImports(path, text)]));
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const circles: string[][] = [];
  const visit = (path: string): number => {
    const own = order.size;
    order.set(path, own);
    lowest.set(path, own);
    stack.push(path);
    for (const target of targets.get(path) ?? []) {
      if (!targets.has(target)) continue;
      const reached = order.has(target) ? (stack.includes(target) ? (order.get(target) ?? own) : own) : visit(target);
      lowest.set(path, Math.min(lowest.get(path) ?? own, reached));
    }
    const low = lowest.get(path) ?? own;
    if (low === own) {
      const circle = stack.splice(stack.indexOf(path));
      if (circle.length > 1) circles.push(circle.toSorted());
    }
    return low;
  };
  for (const path of targets.keys()) if (!order.has(path)) visit(path);
  return circles;
}

function localImports(path: string, text: string): string[] {
  return importsOf(path, text)
    .filter(({ from, kind }) => from.startsWith('.') && kind !== 'address')
    .map(({ from }) => posix.join(posix.dirname(path), from.replace(/\?.*$/, '')));
}
