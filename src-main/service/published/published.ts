/** @file Encoders that others have published, fetched by their name when a person asks for one. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../base/index.ts';
import { publishedEncoders } from '../../datasets/index.ts';
import type { PublishedEncoder, PublishedName } from '../../datasets/index.ts';
import type { Tools } from '../tools.ts';
import type { Encoders, ImportedEncoder } from '../encoders/encoders.ts';
import { askForFile, fetchFile, sizeOf } from './fetch-file.ts';
import type { FetchOptions } from './fetch-file.ts';

/** What a person is shown before anything is fetched. `bytes`: of all files, as the server tells; null where it does not. */
export type PublishedOffer = {
  name: PublishedName;
  title: string;
  about: string;
  licence: string;
  page: string;
  files: { name: string; address: string; bytes: number | null }[];
  bytes: number | null;
};

/** `from`: the address of a server of the person's choice that holds the same files by their names. */
export type PublishedOptions = FetchOptions & { from?: string | undefined };

/** Fetches published encoders. */
export class Published {
  readonly #tools: Tools;
  readonly #encoders: Encoders;

  constructor(tools: Tools, encoders: Encoders) {
    this.#tools = tools;
    this.#encoders = encoders;
  }

  /** Asks the server how large the files are; none is fetched. @throws AppError NOT_FOUND where no weights are known; NETWORK_FAILED, CANCELLED */
  async offer(name: PublishedName, { from, signal }: PublishedOptions = {}): Promise<PublishedOffer> {
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
      asked.push({ name: file.name, address, bytes: remote.bytes });
    }
    const bytes = asked.reduce<number | null>((sum, file) => (sum === null || file.bytes === null ? null : sum + file.bytes), 0);
    return { name, title, about, licence, page, files: asked, bytes };
  }

  /**
   * Fetches an encoder and imports it. What was fetched before a cut is not fetched again.
   * @throws AppError as {@link offer} and `Encoders.importWeights`
   */
  async fetch(name: PublishedName, { onBytes, ...options }: PublishedOptions = {}): Promise<ImportedEncoder> {
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
    const imported = await this.#encoders.importWeights(path, options.signal === undefined ? wish : { ...wish, signal: options.signal });
    await rm(folder, { recursive: true, force: true });
    return imported;
  }
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

function addressOf({ address, name }: { address: string; name: string }, from: string | undefined): string {
  return from === undefined ? address : `${from.replace(/\/+$/, '')}/${name}`;
}

function originOf({ files, page }: PublishedOffer): string {
  return files.length === 1 ? (files[0]?.address ?? page) : page;
}
