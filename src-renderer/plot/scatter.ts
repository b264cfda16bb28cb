/** @file Points of a map as discs on a canvas, pixel by pixel: a hundred thousand of them within a frame, without WebGL, which a strict page may not have. */

/** What is drawn. Sizes in the canvas's own pixels. */
export interface Scatter {
  /** `[points, 2]`, and how they come to pixels. */
  readonly places: Float32Array;
  readonly view: { readonly scale: number; readonly x: number; readonly y: number };
  /** Which of `palette` each point has. */
  readonly colours: Uint8Array;
  /** Colours as bytes lie in an image: red, green, blue and opacity from the lowest byte on. Later ones are drawn over earlier ones. */
  readonly palette: Uint32Array;
  readonly radius: number;
}

/** Draws points into an image of so many pixels a row; what lies outside is left out. */
export function drawScatter(pixels: Uint32Array, width: number, { places, view, colours, palette, radius }: Scatter): void {
  pixels.fill(0);
  const height = pixels.length / width;
  const disc = discOf(radius, width);
  const reach = Math.ceil(radius);
  for (const [layer, colour] of palette.entries())
    for (let point = 0; point < colours.length; point++) {
      if (colours[point] !== layer) continue;
      const x = Math.round((places[point * 2] as number) * view.scale + view.x);
      const y = Math.round((places[point * 2 + 1] as number) * view.scale + view.y);
      if (x < reach || y < reach || x >= width - reach || y >= height - reach) continue;
      const middle = y * width + x;
      for (let at = 0; at < disc.length; at++) pixels[middle + (disc[at] as number)] = colour;
    }
}

/** The pixels of a disc, from its middle. */
function discOf(radius: number, width: number): Int32Array {
  const found: number[] = [];
  const reach = Math.floor(radius);
  for (let y = -reach; y <= reach; y++)
    for (let x = -reach; x <= reach; x++) if (x * x + y * y <= radius * radius) found.push(y * width + x);
  return Int32Array.from(found);
}

/** Colours as an image holds them, whatever they are written as. */
export function imageColours(colours: readonly string[]): Uint32Array {
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, colours.length);
  canvas.height = 1;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) return new Uint32Array(colours.length);
  for (const [at, colour] of colours.entries()) {
    context.fillStyle = colour;
    context.fillRect(at, 0, 1, 1);
  }
  return new Uint32Array(context.getImageData(0, 0, canvas.width, 1).data.buffer).slice(0, colours.length);
}
