import type { FhirVersion, ServedType } from '../model/fhir-version.ts';
import type { TokenValue } from '../model/search-parameter.ts';

/**
 * Properties of a request that the search parser needs: the FHIR version, the searched type, the base URL and the time.
 */
export interface SearchContext {
  readonly version: Pick<FhirVersion, 'types' | 'terminology' | 'embedded' | 'projection'>;
  readonly served: ServedType;
  /** Absolute base URL of the API. Searched references may be written as URLs below it. */
  readonly base: string;
  readonly now: Date;
  /**
   * Codes of the value sets that the search refers to with `:in` or `:not-in`. The key is the value set as the client
   * wrote it. They are looked up before the search is parsed. Undefined if there are none.
   */
  readonly valueSets?: ReadonlyMap<string, readonly TokenValue[]>;
}
