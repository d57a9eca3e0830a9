import { isUuid } from '../../kernel/index.ts';
import type { TokenValue } from './search-parameter.ts';
import type { TimeRange } from './time-range.ts';

/** FHIR R4 search §3.1.1.4.5. The range of `ap` has already been widened by the parser. */
export type ComparisonPrefix = 'eq' | 'ne' | 'gt' | 'lt' | 'ge' | 'le' | 'sa' | 'eb' | 'ap';
export interface DateTest extends TimeRange {
  readonly prefix: ComparisonPrefix;
}

export interface ReferenceValue {
  /** Stored type. Undefined matches any type; an empty string means that `id` is a URL or canonical. */
  readonly type: string | undefined;
  readonly id: string;
}

/** A comparison with a quantity. Numbers are decimals as text. FHIR R4 search §3.1.1.4.11 */
export interface QuantityTest {
  readonly prefix: ComparisonPrefix;
  /** The number as the client wrote it. */
  readonly value: string;
  /** Range that the number covers by its precision, or by a tenth with `ap`. `high` is exclusive. */
  readonly low: string;
  readonly high: string;
  /** Undefined matches any system, an empty string only values without one. */
  readonly system: string | undefined;
  /** Code of the unit or, without a system, also its name. Undefined matches any unit. */
  readonly unit: string | undefined;
}

/**
 * How a string is compared (FHIR R4 search §3.1.1.4.8). `words` matches at the start of any word and is used by
 * `:text`.
 */
export type StringMode = 'starts' | 'exact' | 'contains' | 'words';

/** A test of one part of a repeating element. */
export type ElementPartTest =
  | { readonly kind: 'token'; readonly value: TokenValue }
  | { readonly kind: 'reference'; readonly value: ReferenceValue }
  | { readonly kind: 'quantity'; readonly value: QuantityTest };

/** A condition on one index. Its values are alternatives. */
export type IndexCondition =
  | { readonly kind: 'token'; readonly index: string; readonly values: readonly TokenValue[] }
  | { readonly kind: 'reference'; readonly index: string; readonly values: readonly ReferenceValue[] }
  | { readonly kind: 'uri'; readonly index: string; readonly values: readonly string[] }
  | { readonly kind: 'date'; readonly index: string; readonly values: readonly DateTest[] }
  | { readonly kind: 'string'; readonly index: string; readonly mode: StringMode; readonly values: readonly string[] }
  | { readonly kind: 'quantity'; readonly index: string; readonly values: readonly QuantityTest[] }
  /** A URI that equals one of these or is below it in the path hierarchy. FHIR R4 search §3.1.1.4.13, `:below` */
  | { readonly kind: 'below'; readonly index: string; readonly values: readonly string[] }
  /** One repetition of an element that passes all tests of an alternative. FHIR R4 search §3.1.1.4.14 */
  | { readonly kind: 'group'; readonly index: string; readonly values: readonly (readonly ElementPartTest[])[] };

/** The time of a row's last change. */
export interface LastChange {
  readonly kind: 'updated';
  /** For content made of several directory resources: the projection that knows when the last of them changed. */
  readonly projection?: string;
}

/** A condition on a row, in terms of the store's index. The values of one condition are alternatives. */
export type RowCondition =
  | IndexCondition
  | (LastChange & { readonly values: readonly DateTest[] })
  | { readonly kind: 'id'; readonly values: readonly string[] }
  /** Rows in one of these records or in the directory of such a record's practice. Never widens the search scope. */
  | { readonly kind: 'records'; readonly values: readonly number[] }
  /** Rows in the directory of one of these practices or in one of their records. Never widens the search scope. */
  | { readonly kind: 'directories'; readonly values: readonly number[] }
  /** The current Patient of a record. Patients that were merged into it stay stored for their link. */
  | { readonly kind: 'in-use' }
  /** Rows with any value in the index. FHIR R4 search §3.1.1.4.4 */
  | { readonly kind: 'present'; readonly of: IndexCondition['kind']; readonly index: string }
  | { readonly kind: 'not'; readonly of: RowCondition }
  | { readonly kind: 'any'; readonly of: readonly RowCondition[] }
  | { readonly kind: 'all'; readonly of: readonly RowCondition[] };

/**
 * Matches any of the ids. Ids that aren't UUIDs match nothing here and are dropped, as PostgreSQL would fail to parse
 * them.
 */
export const idIn = (ids: readonly string[]): RowCondition => ({
  kind: 'id',
  values: ids.filter(isUuid).map((id) => id.toLowerCase()),
});

/** Combines alternatives into one condition. */
export function anyOf(conditions: readonly RowCondition[]): RowCondition {
  const [first] = conditions;
  return conditions.length === 1 && first !== undefined ? first : { kind: 'any', of: conditions };
}

/** Sort key of rows: the type's main date, their last change, their id, or a date parameter of the type. */
export type SearchSortKey =
  | { readonly kind: 'main' }
  | LastChange
  | { readonly kind: 'id' }
  | { readonly kind: 'date'; readonly index: string };
export interface SearchSort {
  readonly key: SearchSortKey;
  readonly descending: boolean;
}
