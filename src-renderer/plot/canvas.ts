/** @file Canvases as sharp as the screen. */

/** Sizes a canvas to its CSS box at the screen's density, clears it, and gives a context that draws in CSS px; null when it cannot draw. */
export function fitCanvas(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D | null {
  const density = globalThis.devicePixelRatio;
  const [wide, high] = [Math.max(1, Math.round(width * density)), Math.max(1, Math.round(height * density))];
  if (canvas.width !== wide) canvas.width = wide;
  if (canvas.height !== high) canvas.height = high;
  const context = canvas.getContext('2d');
  if (context === null) return null;
  context.setTransform(density, 0, 0, density, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

/** A colour of the style sheet as canvases take it: what `--name` comes to on an element, with the theme and all functions resolved. */
export function resolvedColour(element: HTMLElement, name: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  element.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

/** Colours of the style sheet, each found once a theme: finding one makes the browser work out styles. */
export class ThemeColours {
  readonly #known = new Map<string, string>();
  #theme = '';

  /** The way to a colour by its name, such as `--text`, on an element in a theme. */
  of(element: HTMLElement, theme: string): (name: string) => string {
    if (theme !== this.#theme) this.#known.clear();
    this.#theme = theme;
    return (name) => {
      const colour = this.#known.get(name) ?? resolvedColour(element, name);
      this.#known.set(name, colour);
      return colour;
    };
  }
}
