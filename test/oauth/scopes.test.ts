import { describe, expect, it } from 'vitest';
import { printScopes } from '../../src/access/index.ts';
import type { AppKind } from '../../src/domain/index.ts';
import { describeServedTypes, dstu2, r4 } from '../../src/fhir/index.ts';
import { findGrantableScopes, SUPPORTED_NAMED_SCOPES, scopedTypes } from '../../src/oauth/scopes/grantable-scopes.ts';

const types = describeServedTypes([r4, dstu2]);
const granted = (requested: string | undefined, registered: string, kind: AppKind = 'patient', launch = false) =>
  printScopes(findGrantableScopes(requested, registered, types, { kind, launch }));
const LAB = 'category=http://terminology.hl7.org/CodeSystem/observation-category|laboratory';
const VITALS = 'category=http://terminology.hl7.org/CodeSystem/observation-category|vital-signs';

describe('a scope name that means several types in the APIs of an app', () => {
  const meant = (
    requested: string,
    apis: readonly ('r4' | 'dstu2')[],
    kind: AppKind = 'patient',
    registered = requested,
  ) => printScopes(findGrantableScopes(requested, registered, types, { kind, launch: false, apis }));

  it.each([
    ['patient/CarePlan.read', 'patient/CarePlan.read patient/CareTeam.read'],
    ['patient/CarePlan.rs patient/CareTeam.s', 'patient/CarePlan.rs patient/CareTeam.s'],
    [
      'patient/MedicationStatement.r patient/MedicationRequest.s',
      'patient/MedicationStatement.r patient/MedicationRequest.s',
    ],
    ['patient/MedicationStatement.r', 'patient/MedicationStatement.r patient/MedicationOrder.r'],
    ['patient/*.read', 'patient/*.read'],
    ['patient/Observation.rs', 'patient/Observation.rs'],
    ['patient/CarePlan.rs?category=assess-plan', 'patient/CarePlan.rs?category=assess-plan'],
  ])('in DSTU2 alone %s is %s', (requested, expected) => {
    expect(meant(requested, ['dstu2'])).toBe(expected);
  });

  it('is one type if the app has R4 or no API, and if no patient is involved', () => {
    for (const apis of [['r4'], ['r4', 'dstu2'], []] as const)
      expect(meant('patient/CarePlan.read', apis)).toBe('patient/CarePlan.read');
    expect(meant('user/CarePlan.rs', ['dstu2'], 'staff')).toBe('user/CarePlan.rs');
    expect(meant('system/CarePlan.rs', ['dstu2'], 'backend')).toBe('system/CarePlan.rs');
  });

  it('is limited to what is registered', () => {
    expect(meant('patient/CarePlan.rs', ['dstu2'], 'patient', 'patient/CarePlan.r')).toBe(
      'patient/CarePlan.r patient/CareTeam.r',
    );
    expect(meant('patient/CarePlan.rs', ['dstu2'], 'patient', 'patient/CareTeam.rs')).toBe('patient/CareTeam.rs');
  });

  it.each([
    [
      'patient/MedicationStatement.read',
      'patient/MedicationStatement.read patient/MedicationRequest.read',
      'patient/MedicationStatement.read patient/MedicationOrder.read',
    ],
    ['patient/MedicationRequest.rs', 'patient/MedicationOrder.r', 'patient/MedicationRequest.r'],
    ['patient/ReferralRequest.rs', 'patient/DiagnosticOrder.rs', ''],
    ['patient/ServiceRequest.rs', 'patient/DiagnosticOrder.rs', ''],
  ])(
    '%s of %s is the same under every registered name, and grants no other type: %s',
    (requested, registered, expected) => {
      expect(meant(requested, ['dstu2'], 'patient', registered)).toBe(expected);
    },
  );
});

describe('SMART App Launch 2.2 §3.0.2: the grantable part of the requested scopes', () => {
  it.each([
    [
      'what is registered, in the syntax of the request',
      'patient/Observation.read',
      'patient/*.rs',
      'patient/Observation.read',
    ],
    [
      'registered by coverage, not by text',
      'patient/Observation.rs openid',
      'openid patient/*.read',
      'patient/Observation.rs openid',
    ],
    [
      'unregistered scopes are omitted',
      'patient/Observation.rs patient/Condition.rs',
      'patient/Condition.rs',
      'patient/Condition.rs',
    ],
    [
      'malformed scopes are omitted',
      'patient/Condition.rs nonsense patient/condition.rs',
      'patient/*.rs',
      'patient/Condition.rs',
    ],
    [
      'types that are not served are omitted',
      'patient/Condition.rs patient/Account.rs',
      'patient/*.rs',
      'patient/Condition.rs',
    ],
    [
      'a requested wildcard against registered types becomes a list',
      'patient/*.rs',
      'patient/Condition.read patient/Patient.read',
      'patient/Condition.rs patient/Patient.rs',
    ],
    ['an empty result', 'patient/Condition.rs', 'patient/Observation.rs', ''],
    ['STU2 names of types', 'patient/MedicationOrder.read', 'patient/*.read', 'patient/MedicationOrder.read'],
  ])('%s', (_, requested, registered, expected) => {
    expect(granted(requested, registered)).toBe(expected);
  });

  it('RFC 6749 §3.3: without a requested scope it is the registered scope, in the registered syntax', () => {
    expect(granted(undefined, 'patient/*.read openid patient/Condition.rs')).toBe(
      'patient/*.read openid patient/Condition.rs',
    );
  });
});

describe('write permissions (c, u, d) are only for backend apps and whole types', () => {
  it.each([
    ['system/*.cruds', 'system/*.cruds', 'system/*.cruds'],
    ['system/*.write', 'system/*.cud', 'system/*.write'],
    ['system/Observation.*', 'system/*.cruds', 'system/Observation.*'],
    ['system/*.cruds', 'system/*.rs', 'system/*.rs'],
    ['system/*.cud', 'system/*.rs', ''],
    ['system/*.cud', 'system/Patient.cu system/Observation.d', 'system/Patient.cu system/Observation.d'],
    [`system/Observation.cud?${LAB}`, 'system/*.cruds', ''],
    [`system/Observation.cruds?${LAB}`, 'system/*.cruds', `system/Observation.rs?${LAB}`],
    ['system/*.cruds', `system/Observation.cruds?${LAB}`, `system/Observation.rs?${LAB}`],
    ['patient/*.cud user/*.cud', 'system/*.cruds', ''],
  ])('backend: %s requested with %s registered: %s', (requested, registered, expected) => {
    expect(granted(requested, registered, 'backend')).toBe(expected);
  });
  it.each<AppKind>(['patient', 'staff'])('%s: never, whatever is registered', (kind) => {
    for (const letters of ['cud', 'write', 'c', 'u', 'd'])
      for (const context of ['patient', 'user', 'system'])
        expect(granted(`${context}/*.${letters}`, 'patient/*.cruds user/*.cruds system/*.cruds', kind)).toBe('');
    const all = 'patient/*.cruds user/*.cruds system/*.cruds';
    expect(granted(all, all, kind)).not.toMatch(/\.[rs]*[cud]/);
  });
});

describe('the scope of a token is exactly what is granted: read and search', () => {
  it.each([
    ['patient/*.cruds', 'patient/*.rs'],
    ['patient/*.*', 'patient/*.read'],
    ['patient/Condition.read', 'patient/Condition.read'],
    ['patient/Condition.r', 'patient/Condition.r'],
    ['patient/Condition.cus', 'patient/Condition.s'],
    ['patient/Condition.write patient/Patient.read', 'patient/Patient.read'],
    ['patient/Patient.* patient/Patient.read', 'patient/Patient.read'],
    ['patient/Patient.write', ''],
    [`patient/Observation.cruds?${LAB}`, `patient/Observation.rs?${LAB}`],
  ])('%s is granted as "%s", both when requested and when only registered', (requested, expected) => {
    expect(granted(requested, requested)).toBe(expected);
    expect(granted(undefined, requested)).toBe(expected);
    expect(granted(requested, 'patient/*.cruds')).toBe(expected);
  });
});

describe('the scope level follows the kind of app', () => {
  const all = 'patient/Condition.rs user/Condition.rs system/Condition.rs';
  it.each([
    ['patient', 'patient/Condition.rs'],
    ['staff', 'patient/Condition.rs user/Condition.rs'],
    ['backend', 'system/Condition.rs'],
  ] as const)('%s: %s', (kind, expected) => {
    expect(granted(all, all, kind)).toBe(expected);
    expect(granted(undefined, all, kind)).toBe(expected);
  });

  const named = SUPPORTED_NAMED_SCOPES.join(' ');
  it.each([
    ['patient', false, 'openid fhirUser profile launch/patient offline_access online_access'],
    ['patient', true, 'openid fhirUser profile launch launch/patient offline_access online_access'],
    ['staff', false, 'openid fhirUser profile launch/patient offline_access online_access'],
    ['staff', true, named],
    ['backend', false, ''],
    ['backend', true, ''],
  ] as const)('SMART App Launch 2.2 §3.0.2.6: named scopes of %s, EHR launch %s', (kind, launch, expected) => {
    expect(granted(named, named, kind, launch)).toBe(expected);
  });

  it('an unregistered named scope is omitted', () => {
    expect(granted('openid fhirUser', 'openid', 'staff')).toBe('openid');
  });
});

describe('SMART App Launch 2.2 §3.0.2.5: granular scopes', () => {
  it.each([
    [
      'as requested if the type is registered',
      `patient/Observation.rs?${LAB}`,
      'patient/*.rs',
      `patient/Observation.rs?${LAB}`,
    ],
    [
      'as registered if the type is requested',
      'patient/Observation.read',
      `patient/Observation.rs?${LAB}`,
      `patient/Observation.rs?${LAB}`,
    ],
    [
      'only registered categories',
      `patient/Observation.rs?${LAB} patient/Observation.rs?${VITALS}`,
      `patient/Observation.rs?${LAB}`,
      `patient/Observation.rs?${LAB}`,
    ],
    ['no unregistered category', `patient/Observation.rs?${LAB}`, `patient/Observation.rs?${VITALS}`, ''],
    [
      'parameters in any order',
      `patient/Observation.rs?code=x&${LAB}`,
      `patient/Observation.rs?${LAB}&code=x`,
      `patient/Observation.rs?code=x&${LAB}`,
    ],
    [
      'parameters of both',
      'patient/Observation.rs?code=x',
      `patient/Observation.rs?${LAB}`,
      `patient/Observation.rs?code=x&${LAB}`,
    ],
    [
      'two required categories if the app requests both',
      `patient/Observation.rs?${LAB}&${VITALS}`,
      'patient/*.rs',
      `patient/Observation.rs?${LAB}&${VITALS}`,
    ],
  ])('%s', (_, requested, registered, expected) => {
    expect(granted(requested, registered)).toBe(expected);
  });
});

describe('SMART App Launch 2.2 §3.0.2.5: a granular scope that cannot be enforced is omitted', () => {
  it.each([
    ['foo=bar', 'no search parameter'],
    ['clinical-status=active', 'a parameter of another type'],
    [`${LAB}&foo=bar`, 'one of two'],
    ['_source=x', 'a common parameter that this server does not support'],
    ['encounter.class=AMB', 'a reference to another resource'],
    ['_has:Observation:has-member:code=x', 'another reference'],
    ['category:not=laboratory', 'a modifier'],
    ['patient=0000000a-0000-4000-8000-000000000000', 'the patient, which the scope level determines'],
    ['date=abc', 'an invalid date'],
    ['date=gt2020,2020-13', 'an invalid date in a list'],
    ['_lastUpdated=yesterday', 'an invalid time'],
    ['code=a|b|c', 'a code with two systems'],
    ['category=|', 'an empty code'],
    ['category=,', 'no value'],
    ['_id=1', 'an id that no resource of this server can have'],
  ])('%s: %s', (query) => {
    const scope = `patient/Observation.rs?${query}`;
    expect(granted(scope, 'patient/*.rs')).toBe('');
    expect(granted(scope, scope)).toBe('');
    expect(granted(undefined, `${scope} patient/Patient.rs`)).toBe('patient/Patient.rs');
    expect(granted('patient/Observation.rs', scope)).toBe('');
    expect(granted(`${scope} patient/Observation.rs?${VITALS}`, 'patient/*.rs')).toBe(
      `patient/Observation.rs?${VITALS}`,
    );
  });

  it.each([
    `Observation.rs?${LAB}&status=final&code=http://loinc.org|1-8&date=ge2020&date=lt2021-06`,
    'Observation.rs?_id=0000000a-0000-4000-8000-000000000000&_lastUpdated=gt2020-01-01T00:00:00Z',
    'Condition.rs?onset-date=2020&recorded-date=2020&clinical-status=active',
    'Encounter.rs?class=AMB',
    'Observation.rs?_security=R&_tag=x',
    'Observation.rs?combo-code=8480-6',
    'Provenance.rs?target=Observation/0000000a-0000-4000-8000-000000000000',
    'Practitioner.rs?identifier=http://hl7.org/fhir/sid/us-npi|9',
    // In DSTU2 the parameter has this name.
    'Condition.rs?clinicalstatus=active',
    'MedicationOrder.rs?datewritten=2020',
    '*.rs?_lastUpdated=gt2020',
    '*.rs?category=laboratory',
  ])('%s is granted', (scope) => {
    expect(granted(`patient/${scope}`, 'patient/*.rs')).toBe(`patient/${scope}`);
  });

  it('a granular scope uses the names of the version that has the type', () => {
    expect(granted('patient/MedicationOrder.rs?authoredon=2020', 'patient/*.rs')).toBe('');
    expect(granted('patient/Account.rs?_lastUpdated=gt2020', 'patient/*.rs')).toBe('');
  });

  it('a granular wildcard is omitted if no type has the parameter, or not the requested type', () => {
    expect(granted('patient/*.rs?foo=bar', 'patient/*.rs')).toBe('');
    expect(granted('patient/*.rs?vaccine-code=1&class=AMB', 'patient/*.rs')).toBe('');
    expect(granted('patient/*.rs?category=x', 'patient/Patient.rs patient/Condition.rs')).toBe(
      'patient/Condition.rs?category=x',
    );
    expect(granted('patient/Patient.rs patient/Condition.rs', 'patient/*.rs?category=x')).toBe(
      'patient/Condition.rs?category=x',
    );
  });

  it('a registered granular scope grants no other', () => {
    const registered = 'patient/Observation.rs?date=2020,abc patient/Observation.rs?date=2020';
    expect(granted('patient/Observation.rs', registered)).toBe('patient/Observation.rs?date=2020');
  });
});

describe('the types of a list of scopes', () => {
  it('are R4 names, and a wildcard means all', () => {
    const of = (scope: string) => [
      ...scopedTypes(findGrantableScopes(scope, 'patient/*.rs', types, { kind: 'patient', launch: false }), types),
    ];
    expect(of('patient/MedicationOrder.rs patient/Patient.r')).toEqual(['MedicationRequest', 'Patient']);
    expect(of('patient/*.rs')).toEqual(types.names);
    expect(of('patient/*.rs?vaccine-code=x')).toEqual(['Immunization']);
  });
});
