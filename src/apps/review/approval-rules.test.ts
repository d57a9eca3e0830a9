import { describe, expect, it } from 'vitest';
import { isApprovedAutomatically, needsTwoApprovers } from './approval-rules.ts';

it.each([
  ['system/Patient.rs', true],
  ['openid patient/*.rs', false],
  ['launch user/*.rs', false],
  ['system/*.read', true],
])('two administrators approve %s: %s', (scope, expected) => expect(needsTwoApprovers({ scope })).toBe(expected));

describe('PATIENT_APP_REVIEW=automatic', () => {
  const verified = { verifiedAt: new Date() };
  const patient = { kind: 'patient', scope: 'openid launch/patient patient/*.rs' } as const;
  it('approves patient apps of verified developers', () => {
    expect(isApprovedAutomatically('automatic', patient, verified)).toBe(true);
  });
  it.each([
    ['manual', patient, verified],
    ['automatic', patient, { verifiedAt: undefined }],
    ['automatic', patient, undefined],
    ['automatic', { kind: 'staff', scope: 'user/*.rs' }, verified],
    ['automatic', { kind: 'staff', scope: 'patient/*.rs' }, verified],
    ['automatic', { kind: 'backend', scope: 'system/*.rs' }, verified],
  ] as const)('approves no other app: %s %o %o', (mode, terms, organisation) => {
    expect(isApprovedAutomatically(mode, terms, organisation)).toBe(false);
  });
});
