/** @file Figures of a training as people read them: as many digits as say something. Pure. */

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** A number with so many significant digits: `2.31`, `0.0421`, `3 × 10⁻⁴`, `12 400`; a dash for none. */
export function formatFigure(value: number | null | undefined, digits = 3): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < 1e-3 || size >= 1e6) return scientific(value, digits);
  if (size >= 10 ** digits)
    return withMinus(
      Math.round(value)
        .toString()
        .replace(/\B(?=(\d{3})+$)/g, '\u202f'),
    );
  return withMinus(value.toPrecision(digits));
}

/** A setting's value in full: `0.0003`, `10⁻⁶`, `22 050`. */
export function formatExact(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size !== 0 && size < 1e-4) return scientific(value, 17);
  const [whole = '', part] = String(value).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, '\u202f');
  return withMinus(part === undefined ? grouped : `${grouped}.${part}`);
}

/** A mark of an axis, as short as it can be written: `0.05`, `2 000`, `2·10⁻⁴`. */
export function formatTick(value: number): string {
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= 1e6) ? scientific(value, 3).replace(' × ', '·') : formatExact(value);
}

/** A size of memory: `640 MB`, `2.7 GB`. */
export function formatMegabytes(megabytes: number): string {
  return megabytes < 1000 ? `${Math.round(megabytes)} MB` : `${(megabytes / 1000).toFixed(1)} GB`;
}

/** A size of a file: `38.2 MB`, `412 kB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1e6) return `${Math.round(bytes / 1e3)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}

function scientific(value: number, digits: number): string {
  const [mantissa = '', exponent = '0'] = digits > 16 ? value.toExponential().split('e') : value.toExponential(digits - 1).split('e');
  const power = [...String(Math.abs(Number(exponent)))].map((digit) => superscripts[Number(digit)]).join('');
  const ten = `10${Number(exponent) < 0 ? '⁻' : ''}${power}`;
  const trimmed = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa;
  return withMinus(trimmed === '1' ? ten : `${trimmed} × ${ten}`);
}

/** A number as it was written, with a minus sign in place of a hyphen. */
export function withMinus(text: string): string {
  return text.replace(/^-/, '−');
}
