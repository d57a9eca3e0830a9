import { describe, expect, it } from 'vitest';
import { createR4Validator } from '../../../../src/validation/index.ts';
import { convert } from '../fixtures/convert.ts';
import { R4_ONLY_CASES } from './r4-only-cases.ts';

/** invariants.test.ts validates the same resources against the invariants of DSTU2. */
describe('resources that R4 allows and an invariant of DSTU2 doesn’t', () => {
  const validator = createR4Validator();

  it.each(R4_ONLY_CASES.map((one) => [one.key, one.description, one] as const))(
    '%s: %s',
    (_key, _what, { resource, converted: made }) => {
      expect(validator.validate(resource).filter(({ severity }) => severity === 'error')).toEqual([]);
      const converted = convert(resource);
      expect(Object.fromEntries(Object.keys(made).map((name) => [name, converted[name]]))).toEqual(made);
    },
  );
});
