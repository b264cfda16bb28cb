/** @file What a verb prints: one JSON document for programs, or text and a progress line for people. */
import { visibleJson, visibleLine, visibleText, withUnit } from '../../base/index.ts';
import type { AppError } from '../../base/index.ts';
import type { JobProgress } from '../../contract/index.ts';

/** Where a verb's words go. */
export type Output = {
  isJson: boolean;
  /** The verb's result: printed as JSON, or by the verb's own words. `isFaint`: lines that stand back on a terminal. */
  result(document: unknown, text: () => string, isFaint?: (line: string) => boolean): void;
  /** A file's own text, which goes to another program as it is, and to a terminal so that nothing in it is carried out. */
  file(text: string): void;
  /** A line for people alone. */
  say(line: string): void;
  /** How far a job is, or what it waits for; shown on a terminal alone. */
  progress(title: string, progress: JobProgress, waits?: string): void;
  /** Takes the progress line away. */
  clear(): void;
};

/** Output to the process's own streams. */
export function processOutput(isJson: boolean): Output {
  const isTerminal = process.stderr.isTTY === true && !isJson;
  let hasLine = false;
  const clear = (): void => {
    if (hasLine) process.stderr.write('\r\u001B[2K');
    hasLine = false;
  };
  return {
    isJson,
    result: (document, text, isFaint = () => false) => {
      clear();
      const paint = (line: string): string => (process.stdout.isTTY === true && isFaint(line) ? `\u001B[2m${line}\u001B[22m` : line);
      process.stdout.write(isJson ? `${visibleJson(document)}\n` : `${visibleText(text()).split('\n').map(paint).join('\n')}\n`);
    },
    file: (text) => {
      clear();
      process.stdout.write(process.stdout.isTTY === true ? visibleText(text) : text);
    },
    say: (line) => {
      clear();
      if (!isJson) process.stdout.write(`${visibleText(line)}\n`);
    },
    progress: (title, progress, waits = '') => {
      if (!isTerminal) return;
      process.stderr.write(`\r\u001B[2K${visibleLine(progressLine(title, progress, { columns: process.stderr.columns ?? 80, waits }))}`);
      hasLine = true;
    },
    clear,
  };
}

/** One line that fits the terminal: bar, counts, rate, time left; or what the job waits for. */
export function progressLine(title: string, progress: JobProgress, { columns, waits = '' }: { columns: number; waits?: string }): string {
  if (waits !== '') return `${title}  ${waits}`.slice(0, Math.max(20, columns - 1));
  const { done, total, unit, rate, secondsLeft, failed, detail, phase } = progress;
  const share = total === null || total === 0 ? null : Math.min(1, done / total);
  const bar = share === null ? '' : `${'█'.repeat(Math.round(share * 20)).padEnd(20, '░')} `;
  const plain = total === null ? withUnit(String(done), unit) : `${done} of ${withUnit(String(total), unit)}`;
  const counts = phase === undefined ? plain : `${phase} ${plain}`;
  const pace = rate > 0 ? `, ${rate.toFixed(1)} a second` : '';
  const left = secondsLeft === null ? '' : `, ${duration(secondsLeft)} left`;
  // What a step measured is worth a look; the path of a file is not.
  const measured = unit === 'steps' && detail !== '' ? `, ${detail}` : '';
  const problems = failed > 0 ? `, ${failed} failed` : '';
  return `${title}  ${bar}${counts}${measured}${pace}${left}${problems}`.slice(0, Math.max(20, columns - 1));
}

/** Seconds as people say them: `45 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** Rows under headings, columns lined up; numbers to the right. */
export function table(headings: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const texts = rows.map((row) => row.map((cell) => visibleLine(String(cell))));
  const widths = headings.map((heading, i) => Math.max(heading.length, ...texts.map((row) => row[i]?.length ?? 0)));
  const isNumber = headings.map(
    (_, i) => rows.length > 0 && rows.every((row) => typeof row[i] === 'number' || /^-?[\d.]+$/.test(String(row[i]))),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (isNumber[i] === true ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(headings), ...texts.map(line)].join('\n');
}

/** Prints a failure: a JSON document with `--json`, else its sentence. */
export function printFailure(error: AppError, isJson: boolean): void {
  if (isJson) process.stdout.write(`${visibleJson({ error: error.toData() })}\n`);
  else process.stderr.write(`${visibleText(error.message)}\n`);
}
