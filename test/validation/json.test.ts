import { describe, expect, it } from 'vitest';
import { createR4Validator } from '../../src/validation/index.ts';

const validator = createR4Validator();
/** Returns errors with their position, and the key of the invariant or the kind of error. */
const problemsOf = (resource: object): readonly string[] =>
  validator
    .validate({ resourceType: 'Patient', ...resource })
    .filter(({ severity }) => severity === 'error')
    .map(({ path, key, code }) => `${path} ${key ?? code}`);

const EXTENSION = { extension: [{ url: 'urn:a', valueString: 'a' }] };
const ofType = (name: string, value: unknown) => ({ extension: [{ url: 'urn:a', [name]: value }] });

describe('FHIR R4 §2.6.2.3: the sibling of a primitive with an underscore', () => {
  it.each<readonly [string, object]>([
    ['an extension', { gender: 'male', _gender: EXTENSION }],
    ['an id', { gender: 'male', _gender: { id: 'a' } }],
    ['an extension without a value', { _birthDate: EXTENSION }],
    ['a list with null as placeholder', { name: [{ given: ['a', 'b'], _given: [null, { id: 'x' }] }] }],
    ['a list with null instead of one value', { name: [{ given: ['a', null], _given: [null, EXTENSION] }] }],
    ['a list instead of all values', { name: [{ _given: [EXTENSION] }] }],
  ])('may be %s', (_what, resource) => {
    expect(problemsOf(resource)).toEqual([]);
  });

  it.each<readonly [string, object, string]>([
    ['null', { gender: 'male', _gender: null }, 'Patient.gender structure'],
    ['text', { gender: 'male', _gender: 'x' }, 'Patient.gender structure'],
    ['an empty object', { gender: 'male', _gender: {} }, 'Patient.gender structure'],
    ['an empty array', { gender: 'male', _gender: [] }, 'Patient.gender structure'],
    ['an array beside one value', { gender: 'male', _gender: [{ id: 'a' }] }, 'Patient.gender structure'],
    ['an object beside an array', { name: [{ given: ['a'], _given: { id: 'a' } }] }, 'Patient.name[0].given structure'],
    ['an empty object in an array', { name: [{ given: ['a'], _given: [{}] }] }, 'Patient.name[0].given structure'],
    ['an empty array beside an array', { name: [{ given: ['a'], _given: [] }] }, 'Patient.name[0].given structure'],
    ['an extension beside null', { gender: null, _gender: EXTENSION }, 'Patient.gender structure'],
    ['null in a choice', { deceasedBoolean: true, _deceasedBoolean: null }, 'Patient.deceased structure'],
    [
      'the sibling of a complex element',
      { maritalStatus: { text: 'a' }, _maritalStatus: { id: 'a' } },
      'Patient.maritalStatus structure',
    ],
  ])('may not be %s', (_what, resource, error) => {
    expect(problemsOf(resource)).toEqual([error]);
  });

  it('isn’t a value by itself', () => {
    expect(problemsOf({ _gender: { id: 'a' } })).toEqual(['Patient.gender ele-1']);
    expect(problemsOf({ name: [{ _given: [null] }] })).toEqual(['Patient.name[0].given[0] ele-1']);
  });
});

describe('FHIR R4 §2.24.0.1: primitive types', () => {
  it.each([
    ['valueUri', ''],
    ['valueUri', 'urn:a\0b'],
    ['valueUrl', 'https://a.example/\u0001'],
    ['valueCanonical', 'urn:a\u007f'],
    ['valueInteger', 2 ** 31],
    ['valueDecimal', Number('1e999')],
    ['valueInteger', Number('-1e999')],
    ['valueUrl', ''],
    ['valueCanonical', ''],
    ['valueString', ''],
    ['valueMarkdown', 'a'.repeat(1_048_577)],
    ['valueString', 'a'.repeat(1_048_577)],
    ['valueString', 'a\u0000'],
    ['valueMarkdown', 'a\u000bb'],
    ['valueCode', 'a\u001fb'],
    ['valueDate', '0000'],
    ['valueDate', '0000-01-01'],
    ['valueDateTime', '0000-01'],
    ['valueInstant', '0000-01-01T00:00:00Z'],
  ])('%s: invalid text is rejected (%#)', (name, value) => {
    expect(problemsOf(ofType(name, value))).toEqual(['Patient.extension[0].value value']);
  });

  it.each([
    ['valueUri', 'urn:a'],
    ['valueString', 'tab\tand\r\nline ends'],
    ['valueMarkdown', 'a'.repeat(1_048_576)],
    ['valueBase64Binary', 'AAAA'.repeat(300_000)],
    ['valueDate', '0001'],
    ['valueDateTime', '1000-10'],
  ])('%s: valid text is accepted (%#)', (name, value) => {
    expect(problemsOf(ofType(name, value))).toEqual([]);
  });

  it('an extension without a URL is invalid', () => {
    expect(problemsOf({ extension: [{ url: '', valueString: 'a' }] })).toEqual(['Patient.extension[0].url value']);
  });
});

describe('FHIR R4 §2.6.2: comments', () => {
  it('aren’t allowed in JSON, unlike in DSTU2', () => {
    expect(problemsOf({ fhir_comments: ['a'] })).toEqual(['Patient structure']);
    expect(problemsOf({ name: [{ family: 'a', fhir_comments: ['a'] }] })).toEqual(['Patient.name[0] structure']);
    expect(problemsOf({ gender: 'male', _gender: { fhir_comments: ['a'] } })).toEqual(['Patient.gender structure']);
  });
});

it('FHIR R4 §2.24.0.1: a number that is too large is reported as such, and not as an invalid number', () => {
  for (const name of ['valueDecimal', 'valueInteger', 'valuePositiveInt']) {
    const [issue] = validator.validate({ resourceType: 'Patient', ...ofType(name, Number('1e999')) });
    expect(issue?.text).toBe('This is too large: the maximum is about 1.7e308.');
  }
});
