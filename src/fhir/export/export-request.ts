/** The parameters of an export request, stored with its job. */
export interface ExportRequest {
  /** Type names; undefined for every type the token allows. */
  readonly types: readonly string[] | undefined;
  /** Restricts these types to what at least one of their searches finds. */
  readonly filters: readonly TypeFilter[];
  /** Element names, optionally with a type as prefix (`Patient.name`). Empty for all elements. */
  readonly elements: readonly string[];
  /** ISO 8601. Only resources changed after this instant are exported. */
  readonly since: string | undefined;
  /** Patient ids; undefined for all patients. */
  readonly patients: readonly string[] | undefined;
}

/** One search of a type, such as `status=active&code=1`, still percent-encoded. */
export interface TypeFilter {
  readonly type: string;
  readonly query: string;
}
