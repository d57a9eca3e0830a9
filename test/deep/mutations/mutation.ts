/** A mistake that a developer could make in the product, with the tests that catch it. */
export interface Mutation {
  /** The wrong behavior of the product. */
  readonly name: string;
  /** The mutated source file. */
  readonly file: string;
  /** The text to replace, which must occur exactly once in the file. */
  readonly before: string;
  /** The replacement of `before`. */
  readonly after: string;
  /** The test file of `npm test` that fails because of it. */
  readonly caughtBy: string;
  /** A part of the names of the tests that fail. The other tests of the file are not run. */
  readonly tests: string;
}

/** Returns the source with the mistake. */
export function mutated(source: string, { file, before, after }: Mutation): string {
  const occurrences = source.split(before).length - 1;
  if (occurrences !== 1) throw new Error(`${file} has this text ${occurrences} times instead of once: ${before}`);
  return source.replace(before, () => after);
}
