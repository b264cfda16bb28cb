/** @file Which colour each point of a map has: those of groups, in the colours of tags, or those of a neuron's values, from grey to violet. */
import type { MapColours, OpenedMap } from '../../../state/inspect-map.svelte.ts';

/** Steps of a neuron's values. */
export const valueSteps = 24;

/** Colours of points as places in a list of the style sheet's colours; the first is drawn first. */
export type PointColours = { colours: Uint8Array; names: readonly string[] };

/** Colours of tags, the ones that differ most first. */
const tagColours = [4, 0, 8, 2, 10, 6, 1, 9, 5, 3] as const;

/** The colour of a group by its place. */
export const groupColour = (group: number): string => `var(--tag-${tagColours[group % tagColours.length] ?? 0})`;

/** Of a value from 0 to 1. */
export function valueColour(share: number): string {
  return `color-mix(in oklab, var(--series-a) ${Math.round(share * 100)}%, var(--map-low))`;
}

const others = 'var(--map-others)';

const chosenColour = 'var(--accent)';

/** How a map is looked at: the one group that is shown (null shows all), and points that were chosen. */
export type MapLook = { group: number | null; chosen: readonly number[] };

/** Colours of a map's points; those that were chosen are drawn over all others. */
export function pointColours(map: OpenedMap, colours: MapColours | null, { group, chosen }: MapLook): PointColours {
  const found = ownColours(map, colours, group);
  const names = [...found.names, chosenColour];
  for (const point of chosen) found.colours[point] = names.length - 1;
  return { colours: found.colours, names };
}

function ownColours({ owners }: OpenedMap, colours: MapColours | null, group: number | null): PointColours {
  if (colours === null) return { colours: new Uint8Array(owners.length), names: ['var(--text-muted)'] };
  if (colours.kind === 'groups') {
    const places = Uint8Array.from(owners, (owner) => {
      const own = colours.groupOf[owner] ?? -1;
      return group === null || own === group ? own + 1 : 0;
    });
    return { colours: places, names: [others, ...colours.groups.map((_, at) => groupColour(at))] };
  }
  const { least, greatest, values } = colours;
  const names = [others, ...Array.from({ length: valueSteps }, (_, step) => valueColour(step / (valueSteps - 1)))];
  const places = Uint8Array.from(values, (value) =>
    Number.isFinite(value) ? 1 + Math.round(((value - least) / Math.max(greatest - least, 1e-30)) * (valueSteps - 1)) : 0,
  );
  return { colours: places, names };
}
