/** Identifies a resource within a patient record or a practice's directory. */
export interface ResourceKey {
  readonly type: string;
  readonly id: string;
}

/** `Observation/123` */
export const toReferenceText = ({ type, id }: ResourceKey): string => `${type}/${id}`;

export const uniqueKeys = (keys: readonly ResourceKey[]): readonly ResourceKey[] => [
  ...new Map(keys.map((key) => [toReferenceText(key), key])).values(),
];

/** Two arrays of the same order, as a statement takes them for `unnest`. */
export const toKeyArrays = (keys: readonly ResourceKey[]): [types: string[], ids: string[]] => [
  keys.map(({ type }) => type),
  keys.map(({ id }) => id),
];

/** Precedes every key, so that a query in key order starts here. */
export const FIRST_KEY: ResourceKey = { type: '', id: '00000000-0000-0000-0000-000000000000' };
