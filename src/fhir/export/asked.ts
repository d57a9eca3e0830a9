/** What an export is asked for, as it is kept with its job. */
export interface ExportAsked {
  /** Names of types; undefined: every one that the token allows. */
  readonly types: readonly string[] | undefined;
  /** Of these types what one of their searches finds. */
  readonly filters: readonly TypeFilter[];
  /** Names of elements, some after a type and a dot: these alone. Empty: all. */
  readonly elements: readonly string[];
  /** ISO 8601: only what was changed after it. */
  readonly since: string | undefined;
  /** Patient.id of those who are wanted; undefined: all. */
  readonly patients: readonly string[] | undefined;
}

/** One search of a type: `status=active&code=1`, still escaped. */
export interface TypeFilter {
  readonly type: string;
  readonly query: string;
}
