/** @file Which encoder a file's tensors are, by their names and shapes, wherever it hangs in a larger model. */
import { AppError } from '../../base/index.ts';
import { encoders, resnetOfShapes, vitOfShapes } from '../../learn/index.ts';
import type { Encoder } from '../../learn/index.ts';

/** Names and shapes of tensors. */
export type Shapes = ReadonlyMap<string, readonly number[]>;

/** An encoder, and what stands before its own names. */
export type Match = { encoder: Encoder; prefix: string };

/** Patches of which kind an encoder looks at, where a person says it. */
export type PatchWish = 'square' | 'tall';

/** The file, and what it need not tell. */
export type MatchWish = { path: string; patches?: PatchWish | undefined };

const namesShown = 3;

/**
 * Finds the encoder whose parameters these are.
 * @param stored the encoder that settings beside the weights describe; null to compare with every published one
 * @throws AppError `WEIGHTS_MISMATCH`, which says what is missing, unexpected, or of another shape; `BAD_INPUT` where encoders with square and with tall
 *   patches fit alike and nobody says which
 */
export function matchEncoder(shapes: Shapes, stored: Encoder | null, { path, patches }: MatchWish): Match {
  const candidates = stored === null ? [...encoders, ...resnetOfShapes(shapes), ...vitOfShapes(shapes)] : [stored];
  const found = candidates.flatMap((encoder) => {
    const prefix = prefixOf(shapes, encoder);
    return prefix === null ? [] : [{ encoder, prefix, faults: faultsOf(within(shapes, prefix), encoder) }];
  });
  const kinds = Map.groupBy(
    found.filter(({ faults }) => faults.count === 0),
    ({ encoder }) => kindsOf(encoder),
  );
  const [wanted] = kinds.get(patches ?? '') ?? [];
  if (wanted !== undefined) return wanted;
  if (kinds.size > 1)
    throw undecided(
      path,
      [...kinds.values()].flatMap(([first]) => first?.encoder ?? []),
    );
  const [best] = found.toSorted((a, b) => a.faults.count - b.faults.count);
  if (best === undefined) throw noEncoder(shapes, candidates, path);
  if (best.faults.count === 0) return best;
  const { missing, unexpected, misshaped } = best.faults;
  const parts = [part('missing', missing), part('unexpected', unexpected), part('of another shape', misshaped)].filter(
    (text) => text !== '',
  );
  throw new AppError(
    'WEIGHTS_MISMATCH',
    `The weights in ${path} fit no encoder; against ${best.encoder.title} at ${best.encoder.sampleRate} Hz: ${parts.join('; ')}.`,
    { details: { path, missing, unexpected, misshaped } },
  );
}

/**
 * What stands before the encoder's own names: nothing, `encoder.`, `model.encoder.`, `module.` …; the shortest, if there are several encoders; null when
 * its first name is nowhere. An encoder without parameters is in every file.
 */
function prefixOf(shapes: Shapes, encoder: Encoder): string | null {
  const anchor = anchorOf(encoder);
  if (anchor === null) return '';
  const prefixes = [...shapes.keys()]
    .filter((name) => name === anchor || name.endsWith(`.${anchor}`))
    .map((name) => name.slice(0, -anchor.length));
  return prefixes.toSorted((a, b) => a.length - b.length)[0] ?? null;
}

/** `square`, `tall`, or both; nothing where an encoder has no patches. */
export function kindsOf({ patches = [] }: Encoder): string {
  return patches.map(({ name }) => name).join(' and ');
}

function undecided(path: string, open: readonly Encoder[]): AppError {
  const kinds = open.map(kindsOf);
  const sizes = open.map(({ settings }) => {
    const [{ bands = 0, frames = 0 } = {}] = settings['patches'] as Partial<Record<'bands' | 'frames', number>>[];
    return `${bands} × ${frames}`;
  });
  const says = kinds.map((kind, index) => `${kind} patches (${sizes[index] ?? ''})`).join(' and one with ');
  return new AppError(
    'BAD_INPUT',
    `The weights in ${path} fit a ${open[0]?.title ?? ''} with ${says} alike, whose patches have as many numbers. Say which: ${kinds.map((kind) => `--patches ${kind}`).join(' or ')}, or Patches where weights are imported.`,
    { details: { path, patches: kinds } },
  );
}

/** The name by which an encoder is found; null for one without parameters. */
function anchorOf(encoder: Encoder): string | null {
  return encoder.parameters()[0]?.name ?? null;
}

function noEncoder(shapes: Shapes, candidates: readonly Encoder[], path: string): AppError {
  const some = someOf([...shapes.keys()]);
  const anchors = new Map(candidates.map((encoder) => [anchorOf(encoder), encoder.title]));
  const wanted = [...anchors].map(([anchor, title]) => `those of a ${title}: no name ends in ${anchor}`).join(', nor ');
  return new AppError('WEIGHTS_MISMATCH', `The weights in ${path} are not ${wanted} (there are ${shapes.size}: ${some}).`, {
    details: { path },
  });
}

function within(shapes: Shapes, prefix: string): Shapes {
  return new Map([...shapes].filter(([name]) => name.startsWith(prefix)).map(([name, shape]) => [name.slice(prefix.length), shape]));
}

type Faults = { missing: string[]; unexpected: string[]; misshaped: string[]; count: number };

function faultsOf(inside: Shapes, encoder: Encoder): Faults {
  const parameters = encoder.parameters();
  const names = new Set(parameters.map(({ name }) => name));
  const missing = parameters.filter(({ name }) => !inside.has(name)).map(({ name }) => name);
  const misshaped = parameters.flatMap(({ name, shape }) => {
    const found = inside.get(name);
    return found === undefined || found.join() === shape.join() ? [] : [`${name} [${found.join(', ')}] instead of [${shape.join(', ')}]`];
  });
  // Heads and projectors may lie beside an encoder; what begins as its own names do is taken for a part of it.
  const firsts = new Set(parameters.map(({ name }) => name.split('.', 1)[0]));
  const unexpected = [...inside.keys()].filter((name) => firsts.has(name.split('.', 1)[0]) && !isCounter(name) && !names.has(name));
  return { missing, unexpected, misshaped, count: missing.length + unexpected.length + misshaped.length };
}

function part(label: string, names: readonly string[]): string {
  return names.length === 0 ? '' : `${names.length} ${label} (${someOf(names)})`;
}

/** The first few names, and how many more there are. */
export function someOf(names: readonly string[]): string {
  const rest = names.length > namesShown ? ` and ${names.length - namesShown} more` : '';
  return `${names.slice(0, namesShown).join(', ')}${rest}`;
}

/** PyTorch's batch norms count their batches; nothing here depends on it. */
export function isCounter(name: string): boolean {
  return name.endsWith('num_batches_tracked');
}
