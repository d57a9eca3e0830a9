import type { TokenValue } from './search-parameter.ts';
import type { FhirVersion, ServedType } from './version.ts';

/** Where criteria are read: the parameters of one type in one version. */
export interface SearchContext {
  readonly version: Pick<FhirVersion, 'types' | 'terminology' | 'part' | 'projection'>;
  readonly served: ServedType;
  /** Of this API, absolute: references may be written as addresses. */
  readonly base: string;
  readonly now: Date;
  /** Codes of the value sets that the search names, by how it names them: they are looked up before. */
  readonly valueSets?: ReadonlyMap<string, readonly TokenValue[]>;
}
