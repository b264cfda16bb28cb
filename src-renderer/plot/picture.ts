/** @file A picture of levels, such as a spectrogram: one pixel a value, the first row at the bottom. */

/** Levels 0 to 255, `[rows][columns]`. */
export interface Picture {
  readonly pixels: Uint8Array;
  readonly rows: number;
  readonly columns: number;
}

/** Draws a picture at its own size on a canvas, which the page scales. `palette`: 256 colours of four bytes. */
export function drawPicture(canvas: HTMLCanvasElement, { pixels, rows, columns }: Picture, palette: Uint8ClampedArray): void {
  canvas.width = Math.max(1, columns);
  canvas.height = Math.max(1, rows);
  const context = canvas.getContext('2d');
  if (context === null || rows * columns === 0) return;
  const image = context.createImageData(columns, rows);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const level = (pixels[row * columns + column] ?? 0) * 4;
      image.data.set(palette.subarray(level, level + 4), ((rows - 1 - row) * columns + column) * 4);
    }
  context.putImageData(image, 0, 0);
}
