/** Identifies a resource within a patient record or a practice's directory. */
export interface ResourceKey {
  readonly type: string;
  readonly id: string;
}

/** Formats a key as in a FHIR reference: `Observation/123`. */
export const toReferenceText = ({ type, id }: ResourceKey): string => `${type}/${id}`;

/** Removes repeated keys. The first of each stays, in the order of the list. */
export const uniqueKeys = (keys: readonly ResourceKey[]): readonly ResourceKey[] => [
  ...new Map(keys.map((key) => [toReferenceText(key), key])).values(),
];

/** Splits keys into an array of types and an array of ids, for `unnest($1, $2)` in a statement. */
export const toKeyArrays = (keys: readonly ResourceKey[]): [types: string[], ids: string[]] => [
  keys.map(({ type }) => type),
  keys.map(({ id }) => id),
];

/** A key that sorts before every resource. Reading resources page by page in key order starts after it. */
export const FIRST_KEY: ResourceKey = { type: '', id: '00000000-0000-0000-0000-000000000000' };
