/** Names of operations without `$`. Each one has a handler in `routes/`. */
export type FhirOperationName = 'docref' | 'everything' | 'summary' | 'expand';

/**
 * An operation of a version (FHIR R4 §3.2). CapabilityStatement, router and OpenAPI document are generated from these.
 */
export interface FhirOperation {
  readonly name: FhirOperationName;
  /** Canonical URL of its OperationDefinition. */
  readonly definition: string;
  /** Canonical URLs of further OperationDefinitions that define the same operation. */
  readonly equivalentDefinitions?: readonly string[];
  /** Type that it applies to, by its name in the version. */
  readonly type: string;
  /** Whether it applies to the type, to one resource of it, or to both. */
  readonly levels: readonly FhirOperationLevel[];
  readonly summary: string;
  readonly parameters: readonly FhirOperationParameter[];
  /** Resource type and description of the response. */
  readonly response: { readonly resource: string; readonly description: string };
}

export type FhirOperationLevel = 'type' | 'instance';

export interface FhirOperationParameter {
  readonly name: string;
  readonly documentation: string;
}

/** Returns the path below the base URL, with `{id}` at the instance level. */
export const operationPath = ({ name, type }: FhirOperation, level: FhirOperationLevel): string =>
  level === 'type' ? `/${type}/$${name}` : `/${type}/{id}/$${name}`;
