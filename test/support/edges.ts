/** @file Checks a file's imports against the rooms' edge table (`.config/edges.js`) and looks for circles between rooms. */
import { posix } from 'node:path';
import { importsOf } from './imports.ts';
import type { Import } from './imports.ts';

/** Rooms of the renderer that call into `contract`; the others may use its types alone. */
const contractCallers = ['client', 'lib', 'state', 'view'];

/** The benches live with the tests, and the command line's verb `bench` runs them. */
const benches = 'test/bench/index.ts';

type Edge = { rooms: string[]; packages?: string[] };
type Tables = {
  mainEdges: Record<string, Edge>;
  rendererEdges: Record<string, Edge>;
  rendererRoot: string[];
  rendererMainRooms: string[];
  sideDoors: Record<string, string[]>;
  narrowDoors: Record<string, Record<string, string[]>>;
};
type Side = 'src-main' | 'src-renderer';
type Place = { side: Side; room: string | null; rest: string };
type Findings = { problems: string[]; edges: [from: string, to: string][] };

const table = (await import(new URL('../../.config/edges.js', import.meta.url).href)) as Tables;
const { rendererMainRooms, rendererRoot, sideDoors } = table;

/** The edge table, by side. */
export const { mainEdges, narrowDoors, rendererEdges } = table;

/** A source file: its path from the top of the checkout, with `/`, and its text. */
export type Source = { path: string; text: string };

/**
 * What is wrong with the imports of these files, one sentence each, and which room enters which.
 * @param sources files below `src-main` and `src-renderer`
 */
export function checkEdges(sources: Source[]): Findings {
  const findings: Findings = { problems: [], edges: [] };
  for (const { path, text } of sources) {
    const from = placeOf(path);
    if (from === null) continue;
    const unlisted = problemOfRoom(from);
    if (unlisted !== null) {
      findings.problems.push(`${path}: ${unlisted}`);
      continue;
    }
    for (const found of importsOf(path, text)) checkImport(path, from, found, findings);
  }
  return findings;
}

function checkImport(path: string, from: Place, found: Import, findings: Findings): void {
  const problem = found.from.startsWith('.') ? relativeProblem(path, from, found, findings) : packageProblem(from, found);
  if (problem !== null) findings.problems.push(`${path} imports ${found.from}: ${problem}`);
}

function problemOfRoom({ side, room }: Place): string | null {
  if (room === null) return side === 'src-main' ? 'files of the main side belong into a room' : null;
  return edgesOf(side)[room] === undefined ? `the room ${room} is not in the table` : null;
}

function relativeProblem(path: string, from: Place, found: Import, { edges }: Findings): string | null {
  const target = posix.join(posix.dirname(path), found.from.replace(/\?.*$/, ''));
  const to = placeOf(target);
  if (target === benches && from.side === 'src-main' && from.room === 'host') return null;
  if (to === null) return /\.(json|css|svg|png|wasm)$/.test(target) ? null : 'it is neither in src-main nor in src-renderer';
  if (to.side !== from.side) return crossing(from, to, found);
  if (to.room === from.room || to.room === null) return null;
  if (from.room !== null) edges.push([`${from.side}/${from.room}`, `${to.side}/${to.room}`]);
  const allowed = from.room === null ? rendererRoot : (edgesOf(from.side)[from.room]?.rooms ?? []);
  if (!allowed.includes(to.room)) return `${from.room ?? 'the page’s entry'} may not enter ${to.room}`;
  const narrow = to.side === 'src-main' ? narrowDoors[from.room ?? '']?.[to.room] : undefined;
  if (narrow !== undefined) return narrow.includes(to.rest) ? null : `${from.room} enters ${to.room} by ${narrow.join(', ')} alone`;
  if (to.side === 'src-main' && !isEntry(to, found)) return `a room is entered through its index.ts`;
  return null;
}

/** Only a process's or thread's own entry may be named beside `index.ts`, and only as an address. */
function isEntry(to: Place, found: Import): boolean {
  return (
    to.rest === 'index.ts' || (sideDoors[to.room ?? '']?.includes(to.rest) ?? false) || (to.room === 'worker' && found.kind === 'address')
  );
}

function crossing(from: Place, to: Place, found: Import): string | null {
  if (from.side === 'src-main') return 'the main side may not enter the renderer';
  if (to.room === null || !rendererMainRooms.includes(to.room)) return `the renderer may not enter ${to.room ?? 'src-main'}`;
  if (to.rest !== 'index.ts') return 'a room is entered through its index.ts';
  if (from.room !== null && !contractCallers.includes(from.room) && found.kind !== 'type')
    return `${from.room} may use the types of ${to.room} alone`;
  return null;
}

function packageProblem(from: Place, found: Import): string | null {
  const isNode = found.from.startsWith('node:');
  if (from.side === 'src-renderer' && (isNode || packageOf(found.from) === 'electron')) return 'the renderer has neither Node nor Electron';
  if (isNode) return null;
  const name = packageOf(found.from);
  const edges = edgesOf(from.side);
  const owners = Object.keys(edges).filter((room) => edges[room]?.packages?.includes(name));
  if (owners.length === 0 || (from.room !== null && owners.includes(from.room))) return null;
  return `${name} belongs to ${owners.join(', ')}`;
}

function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

function edgesOf(side: Side): Record<string, Edge> {
  return side === 'src-main' ? mainEdges : rendererEdges;
}

function placeOf(path: string): Place | null {
  const [side, ...rest] = path.split('/');
  if (side !== 'src-main' && side !== 'src-renderer') return null;
  return rest.length < 2 ? { side, room: null, rest: rest.join('/') } : { side, room: rest[0] ?? null, rest: rest.slice(1).join('/') };
}

/**
 * A circle in a graph, as the names along it; null when there is none.
 * @param edges pairs of from and to
 */
export function findCircle(edges: [from: string, to: string][]): string[] | null {
  const next = Map.groupBy(edges, ([from]) => from);
  const done = new Set<string>();
  const walk = (name: string, way: string[]): string[] | null => {
    if (way.includes(name)) return [...way.slice(way.indexOf(name)), name];
    if (done.has(name)) return null;
    for (const [, to] of next.get(name) ?? []) {
      const circle = walk(to, [...way, name]);
      if (circle !== null) return circle;
    }
    done.add(name);
    return null;
  };
  for (const name of next.keys()) {
    const circle = walk(name, []);
    if (circle !== null) return circle;
  }
  return null;
}
