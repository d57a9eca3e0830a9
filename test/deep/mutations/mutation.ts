/** A mistake that a developer could make in the product, with the tests that catch it. */
export interface Mutation {
  /** The wrong behavior that the product would have with this mistake. */
  readonly name: string;
  readonly file: string;
  /** The text to replace, which must occur exactly once in the file. */
  readonly before: string;
  readonly after: string;
  /** Test file that fails because of the mistake. `npm test` includes it. */
  readonly caughtBy: string;
  /** Part of the names of the tests that fail. Other tests in the file don't run. */
  readonly tests: string;
}

export function mutated(source: string, { file, before, after }: Mutation): string {
  const occurrences = source.split(before).length - 1;
  if (occurrences !== 1) throw new Error(`${file} has this text ${occurrences} times instead of once: ${before}`);
  return source.replace(before, () => after);
}
