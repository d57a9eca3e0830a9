/**
 * FHIR operations that the server supports, without the `$`. `routes/operations.ts` lists the handler of each
 * operation.
 */
export type FhirOperationName = 'docref' | 'everything' | 'summary' | 'expand';

/**
 * A FHIR operation of one version (FHIR R4 §3.2). CapabilityStatement, router and OpenAPI document are generated from
 * these objects.
 */
export interface FhirOperation {
  readonly name: FhirOperationName;
  /** Canonical URL of the operation's OperationDefinition. */
  readonly definition: string;
  /** Canonical URLs of further OperationDefinitions that define the same operation, in other implementation guides. */
  readonly equivalentDefinitions?: readonly string[];
  /** Resource type in the operation's path, by its name in this FHIR version. */
  readonly type: string;
  /** Whether the operation is called on the type (`/Patient/$x`), on one resource (`/Patient/{id}/$x`), or on both. */
  readonly levels: readonly FhirOperationLevel[];
  readonly summary: string;
  readonly parameters: readonly FhirOperationParameter[];
  /** Resource type and description of the operation's response. */
  readonly response: { readonly resource: string; readonly description: string };
}

export type FhirOperationLevel = 'type' | 'instance';

export interface FhirOperationParameter {
  readonly name: string;
  readonly documentation: string;
}

/** Returns the path of an operation below the base URL. At the instance level it contains `{id}`. */
export const operationPath = ({ name, type }: FhirOperation, level: FhirOperationLevel): string =>
  level === 'type' ? `/${type}/$${name}` : `/${type}/{id}/$${name}`;
