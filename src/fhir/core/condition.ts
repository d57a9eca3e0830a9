import { isUuid } from '../../kernel/index.ts';
import type { TokenValue } from './search-parameter.ts';
import type { Span } from './span.ts';

/** FHIR R4 search §3.1.1.4.5. `ap` arrives with its span already widened. */
export type DatePrefix = 'eq' | 'ne' | 'gt' | 'lt' | 'ge' | 'le' | 'sa' | 'eb' | 'ap';
export interface DateTest extends Span {
  readonly prefix: DatePrefix;
}

export interface ReferenceValue {
  /** As stored; undefined: any type. */
  readonly type: string | undefined;
  readonly id: string;
}

/** What a row must fulfil, in the terms of the store's index. The values of one condition are alternatives. */
export type Condition =
  | { readonly kind: 'token'; readonly index: string; readonly values: readonly TokenValue[] }
  | { readonly kind: 'reference'; readonly index: string; readonly values: readonly ReferenceValue[] }
  | { readonly kind: 'date'; readonly index: string; readonly values: readonly DateTest[] }
  | { readonly kind: 'updated'; readonly values: readonly DateTest[] }
  | { readonly kind: 'id'; readonly values: readonly string[] }
  /** In one of these records, and of those only where the query reaches anyway. */
  | { readonly kind: 'records'; readonly values: readonly number[] };

/** Every id here is a UUID: another one names nothing, and PostgreSQL must not be asked to read it as one. */
export const idCondition = (ids: readonly string[]): Condition => ({
  kind: 'id',
  values: ids.filter(isUuid).map((id) => id.toLowerCase()),
});

/** What the rows are ordered by: the type's main date, the time of the last change, or one of its date parameters. */
export type SortKey =
  | { readonly kind: 'main' }
  | { readonly kind: 'updated' }
  | { readonly kind: 'date'; readonly index: string };
export interface Sort {
  readonly key: SortKey;
  readonly descending: boolean;
}
