import type { ElementError, Json } from './mutate.ts';

/** Makes siblings of a primitive (`_name`) that R4's JSON doesn't allow (FHIR R4 §2.6.2.3). */
export function* siblingErrors(name: string, value: unknown): Generator<ElementError> {
  const isList = Array.isArray(value);
  const beside = (kind: string, one: unknown): ElementError => ({
    kind,
    change: (parent) => {
      parent[`_${name}`] = one;
    },
    code: 'structure',
  });
  yield beside('null beside it', null);
  yield beside('text beside it', 'text');
  yield beside('an empty array beside it', []);
  yield beside('nothing in what is beside it', isList ? [{}] : {});
  yield beside(
    isList ? 'an object beside an array' : 'an array beside one value',
    isList ? { id: 'a' } : [{ id: 'a' }],
  );
}

/** Texts that are invalid for each primitive type (FHIR R4 §2.24.0.1). */
export const NO_TEXT: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ...Object.fromEntries(
    ['uri', 'url', 'canonical'].map((type) => [type, { 'empty text': '', 'a control character': 'urn:a\u0000b' }]),
  ),
  ...Object.fromEntries(
    ['string', 'markdown'].map((type) => [
      type,
      { 'empty text': '', 'a control character': 'a\u0001b', 'more than 1 MB': 'a'.repeat(1_048_577) },
    ]),
  ),
  date: { 'the year 0000': '0000-01-01' },
  dateTime: { 'the year 0000': '0000-01-01' },
  instant: { 'the year 0000': '0000-01-01T00:00:00Z' },
};

/** Invariants about the type of a choice element, with values that violate them. */
const OF_CHOICES: Readonly<Record<string, { readonly type: string; readonly wrong: (value: unknown) => unknown[] }>> = {
  'vs-1': { type: 'DateTime', wrong: () => ['2016', '2016-02'] },
  'us-core-1': { type: 'DateTime', wrong: () => ['2016', '2016-02'] },
  'us-core-3': { type: 'Quantity', wrong: (value) => [{ ...(value as Json), system: 'urn:x' }] },
};

/** Invariants that always hold. US Core 6.1 tests the value of the value by mistake. */
const ALWAYS_TRUE = /^value\.ofType\(/;

export function* choiceErrors(
  name: string,
  value: unknown,
  constraints: readonly { readonly key: string; readonly expression?: string }[],
): Generator<ElementError> {
  for (const { key, expression = '' } of constraints) {
    const { type, wrong } = OF_CHOICES[key] ?? {};
    if (wrong === undefined || type === undefined || !name.endsWith(type) || ALWAYS_TRUE.test(expression)) continue;
    for (const one of wrong(value))
      yield {
        kind: `against ${key}`,
        change: (parent) => {
          parent[name] = one;
        },
        code: 'invariant',
        key,
      };
  }
}
