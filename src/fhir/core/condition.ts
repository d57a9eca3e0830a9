import { isUuid } from '../../kernel/index.ts';
import type { TokenValue } from './search-parameter.ts';
import type { Span } from './span.ts';

/** FHIR R4 search §3.1.1.4.5. `ap` arrives with its span already widened. */
export type Prefix = 'eq' | 'ne' | 'gt' | 'lt' | 'ge' | 'le' | 'sa' | 'eb' | 'ap';
export interface DateTest extends Span {
  readonly prefix: Prefix;
}

export interface ReferenceValue {
  /** As stored; undefined: any type. */
  readonly type: string | undefined;
  readonly id: string;
}

/** Numbers are decimal texts. FHIR R4 search §3.1.1.4.11 */
export interface QuantityTest {
  readonly prefix: Prefix;
  /** What was written. */
  readonly value: string;
  /** What it covers by its digits, or with `ap` by a tenth: from `low` up to but without `high`. */
  readonly low: string;
  readonly high: string;
  /** undefined: any system; '': none. */
  readonly system: string | undefined;
  /** Code of the unit or, where no system is asked for, its name as well; undefined: any unit. */
  readonly unit: string | undefined;
}

/** How a string is compared: FHIR R4 search §3.1.1.4.8. `words`: from the start of any word, for `:text`. */
export type StringMode = 'starts' | 'exact' | 'contains' | 'words';

/** What is asked of a part of an element that repeats. */
export type PartTest =
  | { readonly kind: 'token'; readonly value: TokenValue }
  | { readonly kind: 'reference'; readonly value: ReferenceValue }
  | { readonly kind: 'quantity'; readonly value: QuantityTest };

/** What is asked of one index; the values are alternatives. */
export type IndexCondition =
  | { readonly kind: 'token'; readonly index: string; readonly values: readonly TokenValue[] }
  | { readonly kind: 'reference'; readonly index: string; readonly values: readonly ReferenceValue[] }
  | { readonly kind: 'uri'; readonly index: string; readonly values: readonly string[] }
  | { readonly kind: 'date'; readonly index: string; readonly values: readonly DateTest[] }
  | { readonly kind: 'string'; readonly index: string; readonly mode: StringMode; readonly values: readonly string[] }
  | { readonly kind: 'quantity'; readonly index: string; readonly values: readonly QuantityTest[] }
  /** Something below one of these in the hierarchy of the address. FHIR R4 search §3.1.1.4.13, `:below` */
  | { readonly kind: 'below'; readonly index: string; readonly values: readonly string[] }
  /** One element of which every part is as asked. FHIR R4 search §3.1.1.4.14 */
  | { readonly kind: 'group'; readonly index: string; readonly values: readonly (readonly PartTest[])[] };

/** When a row last changed. */
export interface LastChange {
  readonly kind: 'updated';
  /** Of what is made of several resources of a directory: the projection that tells when the last of them changed. */
  readonly toldBy?: string;
}

/** What a row must fulfil, in the terms of the store's index. The values of one condition are alternatives. */
export type Condition =
  | IndexCondition
  | (LastChange & { readonly values: readonly DateTest[] })
  | { readonly kind: 'id'; readonly values: readonly string[] }
  /** In one of these records, or in the directory beside one, and of those only where the query reaches anyway. */
  | { readonly kind: 'records'; readonly values: readonly number[] }
  /** In the directory of one of these practices, or in a record of theirs; as above. */
  | { readonly kind: 'directories'; readonly values: readonly number[] }
  /** Of the Patients of a record the one whom it is known by: others were merged into it, and are kept for their link. */
  | { readonly kind: 'in-use' }
  /** Whether there is a value at all. FHIR R4 search §3.1.1.4.4 */
  | { readonly kind: 'present'; readonly of: IndexCondition['kind']; readonly index: string }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'any'; readonly of: readonly Condition[] }
  | { readonly kind: 'all'; readonly of: readonly Condition[] };

/** Every id here is a UUID: another one names nothing, and PostgreSQL must not be asked to read it as one. */
export const idCondition = (ids: readonly string[]): Condition => ({
  kind: 'id',
  values: ids.filter(isUuid).map((id) => id.toLowerCase()),
});

/** One condition for what any of several fulfils. */
export function anyCondition(conditions: readonly Condition[]): Condition {
  const [first] = conditions;
  return conditions.length === 1 && first !== undefined ? first : { kind: 'any', of: conditions };
}

/** What the rows are ordered by: the type's main date, the time of the last change, their ids, or one of its date parameters. */
export type SortKey =
  | { readonly kind: 'main' }
  | LastChange
  | { readonly kind: 'id' }
  | { readonly kind: 'date'; readonly index: string };
export interface Sort {
  readonly key: SortKey;
  readonly descending: boolean;
}
