/** @file Files of a map: as a picture with its legend and settings, and its points as a table. */
import { csvFile, mapMeaning, mapMethodNames } from '../../../../src-main/contract/index.ts';
import { fitView, pixelOf } from '../../../lib/map-view.ts';
import { pngOf, saveFile } from '../../../lib/save-file.ts';
import { imageColours } from '../../../plot/index.ts';
import { attempt } from '../../../state/app.svelte.ts';
import { inspectMap } from '../../../state/inspecting.svelte.ts';
import type { MapColours, OpenedMap } from '../../../state/inspect-map.svelte.ts';
import type { MenuEntry } from '../../../ui/menu-entry.ts';
import type { PointColours } from './map-colours.ts';

const [widthPx, heightPx, headPx, rowPx, legendPx] = [960, 640, 40, 20, 240];
const pngDensity = 2;

/** A map as it is shown. `size`: how many points, in words. */
export type ShownMap = { map: OpenedMap; painted: PointColours; colours: MapColours | null; title: string; size: string };

/** Entries of a menu that saves it. */
export function mapFiles(shown: ShownMap): MenuEntry[] {
  const name = shown.title.replaceAll(/[^\p{L}\p{N}]+/gu, '-').toLowerCase();
  const png = async (): Promise<void> => saveFile(`${name}.png`, await pngOf(svgOf(shown), pngDensity), 'image/png');
  return [
    { label: 'SVG, for papers', run: () => saveFile(`${name}.svg`, svgOf(shown), 'image/svg+xml') },
    { label: 'PNG, for slides', run: () => attempt(png()) },
    { label: 'CSV, the points', run: () => saveFile(`${name}.csv`, csvOf(shown), 'text/csv') },
  ];
}

function settingsOf({ map, size }: ShownMap): string {
  return `${mapMethodNames[map.wish.method]} of ${size}, coloured by ${inspectMap.by}. ${mapMeaning}`;
}

function csvOf(shown: ShownMap): string {
  const { map, title } = shown;
  const rows = Array.from(map.owners, (_, at) => {
    const { trackId = '', title: name = '', artist = '', segment, startMs } = inspectMap.point(at) ?? {};
    const time = segment === null || segment === undefined ? ['', ''] : [segment, startMs ?? 0];
    return [trackId, name, artist, ...time, map.places[at * 2] ?? 0, map.places[at * 2 + 1] ?? 0];
  });
  return csvFile({ title, settings: settingsOf(shown) }, [['trackId', 'title', 'artist', 'segment', 'startMs', 'x', 'y'], ...rows]);
}

/** On white, with the colours that are shown; points of one colour are one path of round ends. */
function svgOf(shown: ShownMap): string {
  const { map, painted, title } = shown;
  const view = fitView(map.places, { x: widthPx - legendPx, y: heightPx });
  const bytes = resolvedColours(painted.names);
  const radius = map.owners.length > 20_000 ? 0.8 : map.owners.length > 2_000 ? 1.6 : 3;
  const paths = painted.names.map(() => [] as string[]);
  for (const [point, colour] of painted.colours.entries()) {
    const { x, y } = pixelOf(map.places, point, view);
    paths[colour]?.push(`M${x.toFixed(1)} ${(y + headPx).toFixed(1)}h0`);
  }
  const drawn = paths.map((path, at) =>
    path.length === 0
      ? ''
      : `<path d="${path.join('')}" stroke="${bytes[at] ?? '#000'}" stroke-width="${2 * radius}" stroke-linecap="round"/>`,
  );
  const high = headPx + heightPx + 32;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${high}" viewBox="0 0 ${widthPx} ${high}" font-family="sans-serif" font-size="12">`,
    `<rect width="${widthPx}" height="${high}" fill="#fff"/><text x="16" y="26" font-size="16">${escaped(title)}</text>`,
    ...drawn,
    ...legendOf(shown, bytes),
    `<text x="16" y="${high - 12}" font-size="11" fill="#555">${escaped(settingsOf(shown))}</text>`,
    '</svg>\n',
  ].join('\n');
}

function legendOf({ colours }: ShownMap, bytes: readonly string[]): string[] {
  const x = widthPx - legendPx + 16;
  const row = (text: string, colour: string, at: number): string =>
    `<circle cx="${x}" cy="${headPx + 16 + at * rowPx}" r="5" fill="${colour}"/><text x="${x + 14}" y="${headPx + 20 + at * rowPx}">${escaped(text)}</text>`;
  if (colours === null) return [];
  if (colours.kind === 'groups') return colours.groups.map(({ name }, at) => row(name, bytes[at + 1] ?? '#000', at));
  // The last two colours are of the greatest value, and of what is chosen.
  return [row(String(colours.least), bytes[1] ?? '#000', 0), row(String(colours.greatest), bytes.at(-2) ?? '#000', 1)];
}

/** Colours of the style sheet as files write them: over white, since not every program knows opacity. */
function resolvedColours(names: readonly string[]): string[] {
  const probe = document.createElement('span');
  document.querySelector('.map-figure')?.append(probe);
  const written = names.map((name) => {
    probe.style.color = name;
    return getComputedStyle(probe).color;
  });
  probe.remove();
  return Array.from(imageColours(written), (colour) => {
    const opacity = (colour >>> 24) / 255;
    const part = (at: number): string =>
      Math.round(((colour >>> at) & 255) * opacity + 255 * (1 - opacity))
        .toString(16)
        .padStart(2, '0');
    return `#${part(0)}${part(8)}${part(16)}`;
  });
}

function escaped(text: string): string {
  return [...text]
    .filter((letter) => letter >= ' ' && letter.isWellFormed())
    .join('')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;');
}
