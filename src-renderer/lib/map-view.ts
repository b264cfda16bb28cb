/** @file The geometry of a map on a screen: how points come to pixels, which is nearest, which comes next in a direction, which lie within a drawn line. Pure. */

/** Points as x and y one after the other: `[points, 2]`; y goes down. */
export type MapPlaces = Float32Array;

/** How places come to pixels: `pixel = place · scale + offset`, the same scale along both axes. */
export type MapView = { readonly scale: number; readonly x: number; readonly y: number };

/** A size or a place in CSS px. */
export type Pixels = { readonly x: number; readonly y: number };

const marginPx = 24;
/** How far a person can go in, beside the view of everything. */
const [least, most] = [0.5, 400];

/** The view of all points. */
export function fitView(places: MapPlaces, { x: width, y: height }: Pixels): MapView {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let at = 0; at < places.length; at += 2) {
    const [x, y] = [places[at] as number, places[at + 1] as number];
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  if (left > right) return { scale: 1, x: width / 2, y: height / 2 };
  const room = (size: number): number => Math.max(1, size - 2 * marginPx);
  const scale = Math.min(room(width) / Math.max(right - left, 1e-9), room(height) / Math.max(bottom - top, 1e-9));
  return { scale, x: width / 2 - ((left + right) / 2) * scale, y: height / 2 - ((top + bottom) / 2) * scale };
}

/** A view that is moved. */
export function pan(view: MapView, { x, y }: Pixels): MapView {
  return { ...view, x: view.x + x, y: view.y + y };
}

/** A view that is enlarged about a place, within bounds about the view of everything. */
export function zoom(view: MapView, { at, by, whole }: { at: Pixels; by: number; whole: MapView }): MapView {
  const scale = Math.min(Math.max(view.scale * by, whole.scale * least), whole.scale * most);
  const times = scale / view.scale;
  return { scale, x: at.x - (at.x - view.x) * times, y: at.y - (at.y - view.y) * times };
}

/** Where a point is on the screen. */
export function pixelOf(places: MapPlaces, point: number, view: MapView): Pixels {
  return { x: (places[point * 2] as number) * view.scale + view.x, y: (places[point * 2 + 1] as number) * view.scale + view.y };
}

/** The point that is nearest to a place on the screen; null where none is within `reach` px. */
export function nearestPoint(places: MapPlaces, view: MapView, { at, reach }: { at: Pixels; reach: number }): number | null {
  const [x, y] = [(at.x - view.x) / view.scale, (at.y - view.y) / view.scale];
  let [found, square] = [-1, (reach / view.scale) ** 2];
  for (let i = 0; i < places.length; i += 2) {
    const own = ((places[i] as number) - x) ** 2 + ((places[i + 1] as number) - y) ** 2;
    if (own > square) continue;
    square = own;
    found = i / 2;
  }
  return found < 0 ? null : found;
}

/** A direction as a step along one axis. */
export type Direction = { readonly x: -1 | 0 | 1; readonly y: -1 | 0 | 1 };

/** The nearest point that lies in a direction from another: within 45° of it. Null where there is none. */
export function nextPoint(places: MapPlaces, from: number, { x, y }: Direction): number | null {
  const [ownX, ownY] = [places[from * 2] as number, places[from * 2 + 1] as number];
  let [found, square] = [-1, Infinity];
  for (let i = 0; i < places.length; i += 2) {
    const [dx, dy] = [(places[i] as number) - ownX, (places[i + 1] as number) - ownY];
    const along = dx * x + dy * y;
    if (along <= 0 || Math.abs(dx * y + dy * x) > along) continue;
    const own = dx * dx + dy * dy;
    if (own >= square) continue;
    square = own;
    found = i / 2;
  }
  return found < 0 ? null : found;
}

/** Points within a closed line of pixels, by crossings (Shimrat 1962). */
export function pointsWithin(places: MapPlaces, view: MapView, line: readonly Pixels[]): number[] {
  const corners = line.map(({ x, y }) => ({ x: (x - view.x) / view.scale, y: (y - view.y) / view.scale }));
  const found: number[] = [];
  for (let point = 0; point * 2 < places.length; point++) {
    const [x, y] = [places[point * 2] as number, places[point * 2 + 1] as number];
    let isWithin = false;
    for (const [at, a] of corners.entries()) {
      const b = corners.at(at - 1) as Pixels;
      if (a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) isWithin = !isWithin;
    }
    if (isWithin) found.push(point);
  }
  return found;
}
