/** @file Encoders that others have published, fetched by their name when a person asks for one. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, toAppError } from '../../base/index.ts';
import { publishedEncoders, publishedNames } from '../../datasets/index.ts';
import type { PublishedEncoder, PublishedName } from '../../datasets/index.ts';
import type { PublishedEntry, PublishedOffer } from '../../contract/index.ts';
import type { JobContext, JobOutcome, StartedJob } from '../jobs/jobs.ts';
import type { ProgressReport } from '../jobs/progress-meter.ts';
import type { Tools } from '../tools.ts';
import type { Encoders, ImportedEncoder } from '../encoders/encoders.ts';
import { askForFile, fetchFile, sizeOf } from './fetch-file.ts';
import type { FetchOptions } from './fetch-file.ts';

/** `from`: the address of a server of the person's choice that holds the same files by their names. */
export type PublishedOptions = FetchOptions & { from?: string | undefined };

/** Fetches published encoders. */
export class Published {
  readonly #tools: Tools;
  readonly #encoders: Encoders;
  readonly #from: string | undefined;

  /** @param from the address of a server that holds the same files, for every wish that names none */
  constructor(tools: Tools, encoders: Encoders, from: string | null = null) {
    this.#tools = tools;
    this.#encoders = encoders;
    this.#from = from ?? undefined;
    tools.jobs.define('fetch', (params, context) => this.#run(params, context));
  }

  /** Those that are known; nothing is asked of any server. */
  list(): PublishedEntry[] {
    return publishedNames.map((name) => {
      const { title, about, licence, page, files }: PublishedEncoder = publishedEncoders[name];
      return { name, title, about, licence, page, servers: [...new Set(files.map((file) => new URL(addressOf(file, this.#from)).host))] };
    });
  }

  /** Fetches and imports one as a job, or names the one that does so. @throws AppError NOT_FOUND */
  start(name: string): StartedJob {
    const { title } = encoderOf(named(name));
    return this.#tools.jobs.start({ kind: 'fetch', title: `Fetch ${title}`, params: { name } });
  }

  /** Asks the server how large the files are; none is fetched. @throws AppError NOT_FOUND where no weights are known; NETWORK_FAILED, CANCELLED */
  async offer(wanted: string, { from = this.#from, signal }: PublishedOptions = {}): Promise<PublishedOffer> {
    const name = named(wanted);
    const { title, about, licence, page, files } = encoderOf(name);
    const asked = [];
    for (const file of files) {
      const address = addressOf(file, from);
      const remote = await askForFile(address, { signal });
      if (remote === null && file.isOptional) continue;
      if (remote === null)
        throw new AppError(
          'NETWORK_FAILED',
          `Could not fetch ${address}: the server has no such file. It may have moved; ${page} tells where.`,
          { details: { address } },
        );
      if (remote.bytes === 0)
        throw new AppError('NETWORK_FAILED', `Could not fetch ${address}: the server’s file is empty.`, { details: { address } });
      asked.push({ name: file.name, address, bytes: remote.bytes });
    }
    const bytes = asked.reduce<number | null>((sum, file) => (sum === null || file.bytes === null ? null : sum + file.bytes), 0);
    return { name, title, about, licence, page, files: asked, bytes };
  }

  /**
   * Fetches an encoder and imports it. What was fetched before a cut is not fetched again.
   * @throws AppError as {@link offer} and `Encoders.importWeights`
   */
  async fetch(name: PublishedName, { onBytes, from = this.#from, signal }: PublishedOptions = {}): Promise<ImportedEncoder> {
    const options: PublishedOptions = { from, signal };
    const offer = await this.offer(name, options);
    const folder = this.#tools.store.paths.cached('published', name);
    let before = 0;
    for (const { name: file, address, bytes } of offer.files) {
      const sha256 = encoderOf(name).files.find((one) => one.name === file)?.sha256 ?? null;
      const target = join(folder, file);
      const onPart = (done: number): void => onBytes?.(before + done, offer.bytes);
      // What was fetched and checked before another file's connection was cut need not come again.
      if (bytes === null || (await sizeOf(target)) !== bytes)
        await fetchFile({ address, target, sha256 }, { signal: options.signal, onBytes: onPart });
      before += bytes ?? 0;
    }
    const [only] = offer.files;
    const path = offer.files.length === 1 && only !== undefined ? join(folder, only.name) : folder;
    const { labels } = encoderOf(name);
    const wish = { name: offer.title, origin: only === undefined ? offer.page : originOf(offer), ...(labels === null ? {} : { labels }) };
    const imported = await this.#encoders
      .importWeights(path, options.signal === undefined ? wish : { ...wish, signal: options.signal })
      .catch(async (error: unknown) => {
        const known = toAppError(error, `import ${offer.title}`);
        if (!/^(WEIGHTS_|BAD_INPUT)/.test(known.code)) throw known;
        // It would be found again, whole, and refused again.
        await rm(folder, { recursive: true, force: true });
        const says = `What ${wish.origin} gave is no encoder that can be imported, and was thrown away.`;
        throw new AppError(known.code, `${says} ${known.message}`, { cause: error });
      });
    await rm(folder, { recursive: true, force: true });
    return imported;
  }

  /** The job: a pause ends the connection, and what came is gone on from. */
  async #run(params: unknown, context: JobContext): Promise<JobOutcome> {
    const name = named((params as { name: string }).name);
    const { store, events } = this.#tools;
    for (;;) {
      await context.gate.passed();
      const pause = new AbortController();
      const forget = context.gate.onChange((isClosed) => isClosed && pause.abort());
      try {
        const signal = AbortSignal.any([context.signal, pause.signal]);
        const {
          id,
          name: title,
          remarks,
        } = await this.fetch(name, { signal, onBytes: (done, total) => context.report(reportOf(done, total)) });
        if (store.settings.get().encoderId === null) {
          store.settings.set({ encoderId: id });
          events.emit({ type: 'settings.changed' });
        }
        return { message: [`“${title}” imported.`, ...remarks, 'Index the library to listen with it.'].join(' '), result: { encoder: id } };
      } catch (error) {
        if (!pause.signal.aborted || context.signal.aborted) throw error;
      } finally {
        forget();
      }
    }
  }
}

/** In whole megabytes, begun ones included. */
function reportOf(done: number, total: number | null): ProgressReport {
  const whole = (bytes: number): number => Math.ceil(bytes / 1e6);
  const share = total === null || total === 0 ? {} : { share: done / total };
  return { done: whole(done), total: total === null ? null : whole(total), unit: 'MB', audioSeconds: 0, detail: '', failed: 0, ...share };
}

/** @throws AppError NOT_FOUND */
function named(name: string): PublishedName {
  const found = publishedNames.find((one) => one === name);
  if (found !== undefined) return found;
  throw new AppError('NOT_FOUND', `No published encoder is called ${name}. There are ${publishedNames.join(', ')}.`);
}

/** @throws AppError NOT_FOUND */
function encoderOf(name: PublishedName): PublishedEncoder {
  const encoder: PublishedEncoder = publishedEncoders[name];
  if (encoder.files.length > 0) return encoder;
  throw new AppError(
    'NOT_FOUND',
    `No address of weights of ${encoder.title} is known; ${encoder.page} has its code. Import a checkpoint of it (\`earmark import weights FILE\`), or train one (\`earmark pretrain --recipe ${name}\`).`,
  );
}

/** @throws AppError BAD_INPUT where the person's own server is none */
function addressOf({ address, name }: { address: string; name: string }, from: string | undefined): string {
  if (from === undefined || from.trim() === '') return address;
  if (/^https?:\/\/[^/]/i.test(from) && URL.canParse(from)) return `${from.replace(/\/+$/, '')}/${name}`;
  throw new AppError('BAD_INPUT', `“${from}” is no address of a server. Write it as https://host or https://host/folder.`);
}

function originOf({ files, page }: PublishedOffer): string {
  return files.length === 1 ? (files[0]?.address ?? page) : page;
}
