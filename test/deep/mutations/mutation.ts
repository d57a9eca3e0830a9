/** A mistake that a developer could make in the product, and the tests that notice it. */
export interface Mutation {
  /** The wrong behavior of the product. */
  readonly name: string;
  /** The source file. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly before: string;
  /** Replaces it. */
  readonly after: string;
  /** The test file of `npm test` that fails because of it. */
  readonly caughtBy: string;
  /** Part of the names of the tests that fail: the others of the file are not run. */
  readonly tests: string;
}

/** The source with the mistake. */
export function mutated(source: string, { file, before, after }: Mutation): string {
  const occurrences = source.split(before).length - 1;
  if (occurrences !== 1) throw new Error(`${file} has this text ${occurrences} times instead of once: ${before}`);
  return source.replace(before, () => after);
}
