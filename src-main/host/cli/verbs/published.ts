/** @file `import published`: fetches an encoder by its name, after its address, size and licence were shown. */
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { publishedEncoders, publishedNames } from '../../../datasets/index.ts';
import type { PublishedName } from '../../../datasets/index.ts';
import { megabytes } from '../../../service/index.ts';
import type { PublishedOffer } from '../../../contract/index.ts';
import type { Services } from '../../../service/index.ts';
import { table } from '../output.ts';
import { runVerb, withServices } from '../session.ts';
import type { CommonOptions, Session } from '../session.ts';
import { choice, verb } from '../verb.ts';
import { encoderText } from './encoder-text.ts';

type PublishedVerbOptions = CommonOptions & { yes: boolean; from?: string };

/** Adds `published` to `import`. */
export function addPublishedVerb(importing: Command): void {
  verb(
    importing,
    'published [name]',
    'Fetch an encoder that others have published, and import it; without a name, list those that are known. The only verb that uses the network.',
  )
    .option('--yes', 'fetch it without asking', false)
    .option('--from <address>', 'a server of your choice that holds the same files')
    .action(async (name: string | undefined, options: PublishedVerbOptions, command: Command) => {
      if (name === undefined) return list(options);
      try {
        await fetchEncoder(choice(publishedNames)(name), options);
      } catch (error) {
        command.error(`error: command-argument value '${name}' is invalid. ${error instanceof Error ? error.message : ''}`, {
          exitCode: 2,
        });
      }
    });
}

async function list(options: CommonOptions): Promise<void> {
  await runVerb(options, async ({ output }) => {
    const rows = publishedNames.map((name) => ({ name, ...publishedEncoders[name] }));
    output.result({ published: rows }, () =>
      table(
        ['name', 'what', 'licence', 'page'],
        rows.map(({ name, about, licence, page }) => [name, about, licence, page]),
      ),
    );
  });
}

async function fetchEncoder(name: PublishedName, options: PublishedVerbOptions): Promise<void> {
  await runVerb(options, (session) =>
    withServices(options, session, async ({ published }) => {
      const wish = { from: options.from, signal: session.interrupted };
      const offer = await published.offer(name, wish);
      if (!options.yes) session.output.say(offerText(offer));
      if (!options.yes && !(await isWanted(session)))
        return session.output.result({ offer, encoder: null }, () => 'Nothing was fetched. Add --yes to fetch it.');
      const { remarks, ...encoder } = await fetching(published, { name, session, options });
      session.output.result({ offer, encoder, remarks }, () => [encoderText(encoder), ...remarks].join('\n'));
    }),
  );
}

type Fetching = { name: PublishedName; session: Session; options: PublishedVerbOptions };

function fetching(published: Services['published'], { name, session, options }: Fetching): ReturnType<Services['published']['fetch']> {
  const begun = performance.now();
  const onBytes = (done: number, total: number | null): void => {
    const rate = done / 1e6 / Math.max(0.001, (performance.now() - begun) / 1000);
    const [shown, whole] = [Math.round(done / 1e5) / 10, total === null ? null : Math.round(total / 1e5) / 10];
    const secondsLeft = whole === null ? null : (whole - shown) / rate;
    session.output.progress(`Fetch ${name}`, {
      done: shown,
      total: whole,
      unit: 'MB',
      rate,
      secondsLeft,
      failed: 0,
      audioSeconds: 0,
      detail: '',
    });
  };
  return published.fetch(name, { from: options.from, signal: session.interrupted, onBytes }).finally(() => session.output.clear());
}

function offerText({ title, about, licence, page, files, bytes }: PublishedOffer): string {
  const size = (count: number | null): string => (count === null ? 'of a size that the server does not tell' : megabytes(count));
  const lines = files.map((file) => `  ${file.address} (${size(file.bytes)})`);
  return [`${title}: ${about}.`, `Licence: ${licence}. See ${page}`, `Files, ${size(bytes)} together:`, ...lines].join('\n');
}

/** Asks a person at a terminal; nobody else is asked. */
async function isWanted({ output, interrupted }: Session): Promise<boolean> {
  if (output.isJson || process.stdin.isTTY !== true || process.stdout.isTTY !== true) return false;
  const asking = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await asking.question('Fetch it? [y/N] ', { signal: interrupted })).trim());
  } finally {
    asking.close();
  }
}
