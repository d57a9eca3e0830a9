import type { FhirVersion, ServedType } from '../model/fhir-version.ts';
import type { TokenValue } from '../model/search-parameter.ts';

/** Context for reading search parameters: one type of one version. */
export interface SearchContext {
  readonly version: Pick<FhirVersion, 'types' | 'terminology' | 'embedded' | 'projection'>;
  readonly served: ServedType;
  /** Absolute base URL of the API. References may be written as URLs below it. */
  readonly base: string;
  readonly now: Date;
  /** Codes of the value sets that the search names, by the text that names them. They are looked up before parsing. */
  readonly valueSets?: ReadonlyMap<string, readonly TokenValue[]>;
}
