import { describe, expect, it } from 'vitest';
import { r4Validator } from '../../src/validation/index.ts';
import { convert } from './convert.ts';
import { WIDER } from './wider-in-r4.ts';

/** The same resources are validated against the invariants in invariants.test.ts. */
describe('resources that R4 allows and an invariant of DSTU2 doesn’t', () => {
  const validator = r4Validator();

  it.each(WIDER.map((one) => [one.key, one.what, one] as const))('%s: %s', (_key, _what, { resource, made }) => {
    expect(validator.validate(resource).filter(({ severity }) => severity === 'error')).toEqual([]);
    const converted = convert(resource);
    expect(Object.fromEntries(Object.keys(made).map((name) => [name, converted[name]]))).toEqual(made);
  });
});
