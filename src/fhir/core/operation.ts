/** What each operation is called, without its `$`: every one has a handler in `routes/`. */
export type OperationName = 'docref' | 'everything' | 'summary' | 'expand';

/** An operation that a version offers. CapabilityStatement, router and OpenAPI are made of these. FHIR R4 §3.2 */
export interface Operation {
  readonly name: OperationName;
  /** Canonical URL of its OperationDefinition. */
  readonly definition: string;
  /** Of others that define the same. */
  readonly also?: readonly string[];
  /** As the version names the type that it is an operation on. */
  readonly type: string;
  /** On the type, on one resource of it, or on both. */
  readonly levels: readonly OperationLevel[];
  readonly summary: string;
  readonly parameters: readonly OperationParameter[];
  /** What the answer is: a type of resource and a sentence. */
  readonly answer: { readonly resource: string; readonly description: string };
}

export type OperationLevel = 'type' | 'instance';

export interface OperationParameter {
  readonly name: string;
  readonly documentation: string;
}

/** Its address below the base; with `{id}` where it is one resource's. */
export const operationPath = ({ name, type }: Operation, level: OperationLevel): string =>
  level === 'type' ? `/${type}/$${name}` : `/${type}/{id}/$${name}`;
