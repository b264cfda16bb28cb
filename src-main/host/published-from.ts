/** @file Which server published encoders are fetched from, for every host alike. */

/** The address of a person's own server that holds the same files; absent where the published addresses are meant. */
export function publishedFrom(environment: Readonly<Record<string, string | undefined>> = process.env): string | undefined {
  const address = environment['EARMARK_PUBLISHED_FROM']?.trim();
  return address === '' ? undefined : address;
}
