import { describe, expect, it } from 'vitest';
import { buildR4Guide, createR4Validator } from '../../src/validation/index.ts';

const URL = 'http://example.org/StructureDefinition/dated-patient';
/** A profile of Patient in two versions. Only the second one requires a date of birth. */
const definition = (version: string, min: number) => ({
  resourceType: 'StructureDefinition',
  url: URL,
  version,
  type: 'Patient',
  kind: 'resource',
  snapshot: {
    element: [
      { id: 'Patient', path: 'Patient', min: 0, max: '*' },
      { id: 'Patient.birthDate', path: 'Patient.birthDate', min, max: '1', type: [{ code: 'date' }] },
    ],
  },
});
const validator = createR4Validator([buildR4Guide([definition('1.0.0', 0), definition('2.0.0', 1)])]);
const issues = (...claims: readonly string[]) =>
  validator
    .validate({ resourceType: 'Patient', meta: { profile: claims } })
    .map(({ severity, code, path, profile }) => [severity, code, path, profile]);

describe('FHIR R4 references §2.3.0.5: a canonical may name a version', () => {
  it('a profile that is declared with a version is checked in that version alone', () => {
    expect(issues(`${URL}|1.0.0`)).toEqual([]);
    expect(issues(`${URL}|2.0.0`)).toEqual([['error', 'required', 'Patient.birthDate', URL]]);
  });

  it('a declaration without a version means the latest known one', () => {
    expect(issues(URL)).toEqual([['error', 'required', 'Patient.birthDate', URL]]);
    expect(issues(URL, `${URL}|2.0.0`)).toHaveLength(1);
  });

  it('an unknown version is reported, and isn’t checked', () => {
    expect(issues(`${URL}|3.0.0`)).toEqual([['information', 'not-found', 'Patient', `${URL}|3.0.0`]]);
  });
});
