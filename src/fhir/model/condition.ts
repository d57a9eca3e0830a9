import { isUuid } from '../../kernel/index.ts';
import type { TokenValue } from './search-parameter.ts';
import type { TimeRange } from './time-range.ts';

/**
 * Prefixes of date, number and quantity searches (FHIR R4 search §3.1.1.4.5). For `ap`, the parser has already widened
 * the range of the searched value, so the comparison needs no tolerance.
 */
export type ComparisonPrefix = 'eq' | 'ne' | 'gt' | 'lt' | 'ge' | 'le' | 'sa' | 'eb' | 'ap';
export interface DateTest extends TimeRange {
  readonly prefix: ComparisonPrefix;
}

export interface ReferenceValue {
  /**
   * R4 type of the resource to which the searched reference points. Undefined matches a reference to any type. An empty
   * string means that `id` is an absolute or canonical URL.
   */
  readonly type: string | undefined;
  readonly id: string;
}

/** A comparison with a quantity (FHIR R4 search §3.1.1.4.11). Numbers are decimals as text, so that they stay exact. */
export interface QuantityTest {
  readonly prefix: ComparisonPrefix;
  /** The searched number as the client wrote it. */
  readonly value: string;
  /**
   * Lower bound (inclusive) and, in `high`, upper bound (exclusive) of the values that count as the searched number.
   * The bounds follow from the written precision of the number. The prefix `ap` widens them by a tenth of the number.
   */
  readonly low: string;
  readonly high: string;
  /**
   * Code system of the searched unit. Undefined matches any system, an empty string only quantities without a system.
   */
  readonly system: string | undefined;
  /**
   * Code of the searched unit. If the search gives no code system, this text is compared with the unit's display name
   * as well. Undefined matches any unit.
   */
  readonly unit: string | undefined;
}

/**
 * Ways to compare a string (FHIR R4 search §3.1.1.4.8). `words`, for the modifier `:text`, matches at the start of any
 * word.
 */
export type StringMode = 'starts' | 'exact' | 'contains' | 'words';

/** A test of one component of a composite search parameter, within one repetition of an element. */
export type ElementPartTest =
  | { readonly kind: 'token'; readonly value: TokenValue }
  | { readonly kind: 'reference'; readonly value: ReferenceValue }
  | { readonly kind: 'quantity'; readonly value: QuantityTest };

/** A condition on one search index of a resource type. One of the `values` has to match. */
export type IndexCondition =
  | { readonly kind: 'token'; readonly index: string; readonly values: readonly TokenValue[] }
  | { readonly kind: 'reference'; readonly index: string; readonly values: readonly ReferenceValue[] }
  | { readonly kind: 'uri'; readonly index: string; readonly values: readonly string[] }
  | { readonly kind: 'date'; readonly index: string; readonly values: readonly DateTest[] }
  | { readonly kind: 'string'; readonly index: string; readonly mode: StringMode; readonly values: readonly string[] }
  | { readonly kind: 'quantity'; readonly index: string; readonly values: readonly QuantityTest[] }
  /**
   * Matches if the resource has a URI that equals one of the values, or that is below one in the path hierarchy (FHIR
   * R4 search §3.1.1.4.13, modifier `:below`).
   */
  | { readonly kind: 'below'; readonly index: string; readonly values: readonly string[] }
  /**
   * Matches if all tests of one alternative pass within the same repetition of an element (composite parameters, FHIR
   * R4 search §3.1.1.4.14).
   */
  | { readonly kind: 'group'; readonly index: string; readonly values: readonly (readonly ElementPartTest[])[] };

/** The time when a resource last changed, for searches by `_lastUpdated`. */
export interface LastChange {
  readonly kind: 'updated';
  /**
   * Name of the projection (stored conversion) whose content has the time of the latest change. Set only if the served
   * resource combines several stored ones, such as a DSTU2 Practitioner with its PractitionerRoles.
   */
  readonly projection?: string;
}

/**
 * A condition on a stored resource that the store can test with its search indexes. A resource matches if any of the
 * condition's values does.
 */
export type RowCondition =
  | IndexCondition
  | (LastChange & { readonly values: readonly DateTest[] })
  | { readonly kind: 'id'; readonly values: readonly string[] }
  /**
   * Matches resources in one of the given patient records or, for a directory type, in the directory of a practice that
   * has one of these records. The condition narrows the resources that the grant allows, and never adds any.
   */
  | { readonly kind: 'records'; readonly values: readonly number[] }
  /**
   * Matches resources in the directory of one of the given practices or, for a type of patient records, in a patient
   * record of one of these practices. The condition narrows the resources that the grant allows, and never adds any.
   */
  | { readonly kind: 'directories'; readonly values: readonly number[] }
  /**
   * Matches the current Patient of a patient record. It doesn't match the Patients that merges replaced, which are in
   * the record too.
   */
  | { readonly kind: 'in-use' }
  /** Matches resources with any value for the search parameter (FHIR R4 search §3.1.1.4.4, `:missing=false`). */
  | { readonly kind: 'present'; readonly of: IndexCondition['kind']; readonly index: string }
  | { readonly kind: 'not'; readonly of: RowCondition }
  | { readonly kind: 'any'; readonly of: readonly RowCondition[] }
  | { readonly kind: 'all'; readonly of: readonly RowCondition[] };

/**
 * Returns a condition that matches resources with any of the ids. Ids that aren't UUIDs are dropped: no stored resource
 * has one, and PostgreSQL would reject the statement.
 */
export const idIn = (ids: readonly string[]): RowCondition => ({
  kind: 'id',
  values: ids.filter(isUuid).map((id) => id.toLowerCase()),
});

/** Returns a condition that matches if any of the given conditions does. */
export function anyOf(conditions: readonly RowCondition[]): RowCondition {
  const [first] = conditions;
  return conditions.length === 1 && first !== undefined ? first : { kind: 'any', of: conditions };
}

/** Sort key of a search: the type's main date, the time of the last change, the id, or a date parameter of the type. */
export type SearchSortKey =
  | { readonly kind: 'main' }
  /** Patient by patient, and by id within a patient record. Clients can't request this order. */
  | { readonly kind: 'patient' }
  | LastChange
  | { readonly kind: 'id' }
  | { readonly kind: 'date'; readonly index: string };
export interface SearchSort {
  readonly key: SearchSortKey;
  readonly descending: boolean;
}
