/** A prepared statement that finds what a response discloses. */
export interface FindStatement {
  /** Statements with the same name have the same `text` and the same `disclosed`. */
  readonly name: string;
  readonly text: string;
  readonly parameters: readonly unknown[];
  /**
   * SQL that selects from `found`, the rows of the statement: `resources`, the number of disclosed resources, and
   * `detail`, which is added to the detail of the audit event. Without a row, no event is appended.
   */
  readonly disclosed: string;
  /** Whether it takes at most a few milliseconds, so that it may run on a connection that requests share. */
  readonly isShort: boolean;
}
