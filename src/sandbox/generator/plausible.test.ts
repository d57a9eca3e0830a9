import { describe, expect, it } from 'vitest';
import { sandboxData } from '../../../test/support/fhir/sandbox.ts';
import type { Resource } from '../../fhir/index.ts';
import { SYSTEM } from '../codes/coding.ts';
import { npi } from '../directory/npi.ts';
import { EPOCH } from '../scenarios/calendar.ts';
import type { GeneratedPatient } from './index.ts';
import { estimatedFiltrationRate, friedewaldLdl } from './resources/observations/derived-results.ts';

const { directory, patients: withAccounts, enrollmentPatients } = sandboxData();
const patients: readonly Pick<GeneratedPatient, 'key' | 'resources' | 'secondRecord'>[] = [
  ...withAccounts,
  ...enrollmentPatients,
];
const ofType = (resources: readonly Resource[], type: string) => resources.filter((each) => each.resourceType === type);
const person = (key: string): readonly Resource[] => patients.find((each) => each.key === key)?.resources ?? [];

// biome-ignore lint/suspicious/noExplicitAny: a test reads JSON at will
const elementAt = (resource: Resource, path: string): any =>
  // biome-ignore lint/suspicious/noExplicitAny: a test reads JSON at will
  path.split('.').reduce<any>((value, key) => value?.[key], resource);
const isCode = (resource: Resource, code: string): boolean => elementAt(resource, 'code.coding.0.code') === code;

/** Yields every string in JSON with its key, at any depth. */
function* leaves(value: unknown, key = ''): Generator<readonly [key: string, text: string]> {
  if (typeof value === 'string') yield [key, value];
  else if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(value)) yield* leaves(inner, Array.isArray(value) ? key : name);
  }
}

describe('identifiers', () => {
  it('NPIs have the check digit of 45 CFR 162.406: Luhn over 80840 and the number', () => {
    const values = directory.flatMap((each) => (each['identifier'] ?? []) as { system: string; value: string }[]);
    const npis = values.filter((each) => each.system === SYSTEM.npi).map((each) => each.value);
    expect(npis.length).toBe(20);
    expect(npis.filter((value) => !luhn(`80840${value}`))).toEqual([]);
  });

  it('knows the example of the standard: 1234567893', () => {
    expect(luhn('808401234567893')).toBe(true);
    expect(luhn(`80840${npi(1)}`)).toBe(true);
    expect(luhn('808401234567890')).toBe(false);
  });

  it('medical record numbers belong to one person each', () => {
    const numbers = patients.map((each) => elementAt(each.resources[0] as Resource, 'identifier.0.value'));
    expect(new Set(numbers).size).toBe(patients.length);
  });
});

function luhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

describe('times', () => {
  it.each(patients.map((each) => [each.key, each] as const))(
    'of %s lie between birth and now or death',
    (_, { resources }) => {
      const patient = resources[0] as Resource;
      const born = String(patient['birthDate']);
      const died = patient['deceasedDateTime'] === undefined ? EPOCH : new Date(String(patient['deceasedDateTime']));
      // These elements are not checked, because due dates, ends of prescriptions and expiry dates lie in the future by
      // design.
      const ahead = new Set(['valueDateTime', 'end', 'dueDate', 'expirationDate']);
      const past = resources.filter((each) => each.resourceType !== 'Appointment');
      const dated = [...leaves(past)].filter(([key, text]) => !ahead.has(key) && /^\d{4}-\d\d-\d\d/.test(text));
      expect(dated.length).toBeGreaterThan(10);
      expect(dated.filter(([, text]) => text.slice(0, 10) < born)).toEqual([]);
      expect(dated.filter(([, text]) => new Date(text) > died)).toEqual([]);
    },
  );

  it('are never in 1970, where a missing time would appear', () => {
    const dates = patients.flatMap(({ resources, secondRecord = [] }) => [...leaves([...resources, ...secondRecord])]);
    expect(dates.filter(([key, text]) => key !== 'birthDate' && /^19(69|70)-/.test(text) && key !== 'code')).toEqual(
      [],
    );
    const procedures = patients.flatMap((each) => ofType(each.resources, 'Procedure'));
    const dated = procedures.filter((each) => each['performedDateTime'] !== undefined);
    expect(dated.length).toBeGreaterThan(procedures.length / 2);
  });

  it('visits end after they begin, and no patient is at two office visits at once', () => {
    for (const { resources } of patients) {
      const periods = ofType(resources, 'Encounter').map(
        (each) => elementAt(each, 'period') as { start: string; end: string },
      );
      expect(periods.filter(({ start, end }) => start >= end)).toEqual([]);
      expect(new Set(periods.map(({ start }) => start)).size).toBe(periods.length);
    }
  });
});

describe('measurements', () => {
  it('the body mass index matches weight and height of its visit', () => {
    let checked = 0;
    for (const { resources } of patients) {
      const observations = ofType(resources, 'Observation').filter(
        (each) => each['status'] === 'final' && each['dataAbsentReason'] === undefined,
      );
      for (const bmi of observations.filter((each) => isCode(each, '39156-5'))) {
        const visit = elementAt(bmi, 'encounter.reference');
        const value = (code: string) =>
          elementAt(
            observations.find((each) => isCode(each, code) && elementAt(each, 'encounter.reference') === visit) ?? bmi,
            'valueQuantity.value',
          );
        const height = observations.some(
          (each) => isCode(each, '8302-2') && elementAt(each, 'encounter.reference') === visit,
        );
        if (!height) continue;
        checked += 1;
        expect(elementAt(bmi, 'valueQuantity.value')).toBeCloseTo(value('29463-7') / (value('8302-2') / 100) ** 2, 1);
      }
    }
    expect(checked).toBeGreaterThan(100);
  });

  it('results are flagged low or high when they are outside their range', () => {
    const results = patients
      .flatMap((each) => ofType(each.resources, 'Observation'))
      .filter((each) => each['referenceRange'] !== undefined);
    const wrong = results.filter((each) => {
      const [value, low, high] = [
        'valueQuantity.value',
        'referenceRange.0.low.value',
        'referenceRange.0.high.value',
      ].map((path) => elementAt(each, path));
      const expected = low !== undefined && value < low ? 'L' : high !== undefined && value > high ? 'H' : 'N';
      return elementAt(each, 'interpretation.0.coding.0.code') !== expected;
    });
    expect(results.length).toBeGreaterThan(2000);
    expect(wrong).toEqual([]);
  });

  it('match the formulas: CKD-EPI 2021 and Friedewald', () => {
    expect(Math.round(estimatedFiltrationRate(1.0, { age: 60, sex: 'male' }) ?? 0)).toBe(86);
    expect(Math.round(estimatedFiltrationRate(0.6, { age: 30, sex: 'female' }) ?? 0)).toBe(124);
    expect(estimatedFiltrationRate(0.5, { age: 9, sex: 'male' })).toBeUndefined();
    expect(
      friedewaldLdl(
        new Map([
          ['cholesterol', 200],
          ['hdl', 50],
          ['triglycerides', 150],
        ]),
      ),
    ).toBe(120);
    expect(
      friedewaldLdl(
        new Map([
          ['cholesterol', 200],
          ['hdl', 50],
          ['triglycerides', 450],
        ]),
      ),
    ).toBeUndefined();
  });

  it('are finite and not negative', () => {
    const values = patients
      .flatMap((each) => ofType(each.resources, 'Observation'))
      .map((each) => elementAt(each, 'valueQuantity.value'));
    const numbers = values.filter((value) => value !== undefined);
    expect(numbers.filter((value) => !Number.isFinite(value) || value < 0)).toEqual([]);
  });
});

describe('series that make good charts', () => {
  const finals = patients.flatMap(({ key, resources, secondRecord = [] }) =>
    [resources, secondRecord].flatMap((record) =>
      [
        ...Map.groupBy(
          ofType(record, 'Observation').filter(
            (each) => each['status'] === 'final' && elementAt(each, 'valueQuantity.value') !== undefined,
          ),
          (each) => elementAt(each, 'code.text') as string,
        ),
      ].map(([name, all]) => ({
        key,
        name,
        lab: elementAt(all[0] as Resource, 'category.0.coding.0.code') === 'laboratory',
        values: all
          .sort((one, other) => (String(one['effectiveDateTime']) < String(other['effectiveDateTime']) ? -1 : 1))
          .map((each) => elementAt(each, 'valueQuantity.value') as number),
      })),
    ),
  );

  it('have two decimals at most', () => {
    expect(finals.length).toBeGreaterThan(300);
    expect(finals.flatMap(({ values }) => values).filter((value) => !/^\d+(\.\d{1,2})?$/.test(`${value}`))).toEqual([]);
  });

  it('never jump: no frequent laboratory value is more than double or half of the one before', () => {
    const often = finals.filter(({ lab, values }) => lab && values.length >= 20);
    expect(often.length).toBeGreaterThan(20);
    const leaps = often.flatMap(({ key, name, values }) =>
      values.slice(1).flatMap((value, index) => {
        const before = values[index] as number;
        return Math.max(value, before) > 2 * Math.min(value, before) ? [[key, name, before, value]] : [];
      }),
    );
    expect(leaps).toEqual([]);
  });
});

describe('conditions, medications, visits and results agree', () => {
  it('a patient who takes metformin has diabetes on the problem list, A1c results and visits for it', () => {
    for (const { resources } of patients) {
      const metformin = ofType(resources, 'MedicationRequest').filter(
        (each) => elementAt(each, 'medicationCodeableConcept.coding.0.code') === '860975',
      );
      if (metformin.length === 0) continue;
      const diabetic = ofType(resources, 'Condition').filter((each) => isCode(each, '44054006'));
      expect(diabetic.some((each) => elementAt(each, 'category.0.coding.0.code') === 'problem-list-item')).toBe(true);
      expect(ofType(resources, 'Observation').filter((each) => isCode(each, '4548-4')).length).toBeGreaterThan(5);
      expect(
        ofType(resources, 'Encounter').some((each) => JSON.stringify(each['reasonCode'] ?? '').includes('44054006')),
      ).toBe(true);
    }
  });

  it('each reason for a medication is a condition of the patient that began before it', () => {
    for (const { key, resources } of patients) {
      const conditions = ofType(resources, 'Condition');
      for (const order of ofType(resources, 'MedicationRequest')) {
        const reason = elementAt(order, 'reasonCode.0.coding.0.code');
        if (reason === undefined) continue;
        const known = conditions.filter((each) => isCode(each, reason));
        const begun = known.some((each) => String(each['onsetDateTime']) <= String(order['authoredOn']).slice(0, 10));
        expect(begun, `${key} ${order['authoredOn']} ${reason}`).toBe(true);
      }
    }
  });

  it('no patient gets a medication that they are allergic to', () => {
    const penicillins = ['308191', '308189'];
    for (const { resources } of patients) {
      const allergic = ofType(resources, 'AllergyIntolerance').some((each) => isCode(each, '7980'));
      const given = ofType(resources, 'MedicationRequest').map((each) =>
        elementAt(each, 'medicationCodeableConcept.coding.0.code'),
      );
      expect(allergic && given.some((code) => penicillins.includes(code))).toBe(false);
    }
  });

  it('no patient takes a medication that is contraindicated by kidney disease or pregnancy', () => {
    const metformin = '860975';
    // Ibuprofen and naproxen, by RxNorm code.
    const antiInflammatories = ['310965', '198014'];
    // RxNorm codes of ACE inhibitors, losartan, statins, warfarin and methotrexate.
    const harmfulInPregnancy = ['314076', '314077', '979492', '617310', '259255', '312961', '855332', '105585'];
    const never: Readonly<Record<string, readonly string[]>> = {
      '431857002': [metformin, ...antiInflammatories],
      '46177005': [metformin, ...antiInflammatories],
      '72892002': harmfulInPregnancy,
      '88805009': antiInflammatories,
    };
    let met = 0;
    for (const { key, resources } of patients) {
      const active = ofType(resources, 'MedicationRequest').filter((each) => each['status'] === 'active');
      const taken = active.map((each) => elementAt(each, 'medicationCodeableConcept.coding.0.code'));
      for (const condition of ofType(resources, 'Condition')) {
        const forbidden = never[elementAt(condition, 'code.coding.0.code')];
        if (forbidden === undefined || elementAt(condition, 'clinicalStatus.coding.0.code') !== 'active') continue;
        met += 1;
        expect(
          taken.filter((code) => forbidden.includes(code)),
          key,
        ).toEqual([]);
      }
    }
    expect(met).toBeGreaterThan(2);
  });

  it('metformin ends with its reason when the eGFR falls below 30, and another medication replaces it', () => {
    const orders = (code: string) =>
      ofType(person('walter'), 'MedicationRequest').filter(
        (each) => elementAt(each, 'medicationCodeableConcept.coding.0.code') === code,
      );
    const ended = orders('860975').filter((each) => each['status'] === 'stopped');
    expect(ended.map((each) => elementAt(each, 'statusReason.text'))).toEqual([
      'Kidneys too weak for it (eGFR below 30)',
    ]);
    const began = orders('1100702')
      .map((each) => String(each['authoredOn']))
      .sort()[0] as string;
    const rates = ofType(person('walter'), 'Observation').filter((each) => isCode(each, '98979-8'));
    const [before, after] = [true, false].map((earlier) =>
      rates
        .filter((each) => String(each['effectiveDateTime']) < began === earlier)
        .map((each) => elementAt(each, 'valueQuantity.value') as number),
    ) as [number[], number[]];
    // Single eGFR values vary from day to day, so a few may be below 30 mL/min/1.73 m². The trend must not fall below
    // that limit before the medication is changed.
    expect(before.filter((value) => value < 30).length).toBeLessThan(3);
    expect(after.slice().sort((a, b) => b - a)[1]).toBeLessThan(31);
  });

  it('a note contains the measurements of its visit', () => {
    const resources = person('ana');
    const note = ofType(resources, 'DocumentReference').find(
      (each) => elementAt(each, 'content.0.attachment.contentType') === 'text/plain',
    ) as Resource;
    const text = Buffer.from(elementAt(note, 'content.0.attachment.data'), 'base64').toString();
    const visit = elementAt(note, 'context.encounter.0.reference');
    const pressure = ofType(resources, 'Observation').find(
      (each) => isCode(each, '85354-9') && elementAt(each, 'encounter.reference') === visit,
    ) as Resource;
    expect(text).toContain('Ana Marisol Larkspur');
    expect(text).toContain(
      `${elementAt(pressure, 'component.0.valueQuantity.value')}/${elementAt(pressure, 'component.1.valueQuantity.value')} mmHg`,
    );
  });
});

describe('the sandbox contains every kind of data', () => {
  const all = patients.flatMap((each) => each.resources);
  const values = (type: string, path: string) => new Set(ofType(all, type).map((each) => elementAt(each, path)));

  it.each([
    ['Encounter', 'class.code', ['AMB', 'EMER', 'IMP', 'VR']],
    ['Condition', 'clinicalStatus.coding.0.code', ['active', 'inactive', 'resolved']],
    ['Condition', 'category.0.coding.0.code', ['encounter-diagnosis', 'health-concern', 'problem-list-item']],
    ['AllergyIntolerance', 'clinicalStatus.coding.0.code', ['active', 'inactive', 'resolved']],
    ['AllergyIntolerance', 'verificationStatus.coding.0.code', ['confirmed', 'refuted']],
    ['MedicationRequest', 'status', ['active', 'completed', 'stopped']],
    ['MedicationRequest', 'intent', ['order', 'plan']],
    ['MedicationRequest', 'reportedBoolean', [false, true, undefined]],
    ['Immunization', 'status', ['completed', 'not-done']],
    ['Observation', 'status', ['entered-in-error', 'final']],
    [
      'Observation',
      'category.0.coding.0.code',
      [
        'care-experience-preference',
        'cognitive-status',
        'disability-status',
        'exam',
        'functional-status',
        'imaging',
        'laboratory',
        'observation-adi-documentation',
        'procedure',
        'social-history',
        'survey',
        'treatment-intervention-preference',
        'vital-signs',
      ],
    ],
    ['Observation', 'dataAbsentReason.coding.0.code', [undefined, 'asked-declined', 'error', 'not-performed']],
    ['DocumentReference', 'content.0.attachment.contentType', ['application/pdf', 'text/plain']],
    ['Patient', 'communication.0.language.coding.0.code', ['ar', 'en', 'es', 'zh']],
    ['Patient', 'gender', ['female', 'male', 'other']],
  ])('%s.%s', (type, path, expected) => {
    expect([...values(type, path)].sort()).toEqual([...expected].sort());
  });

  it('a patient who died, one with a previous name, a child, and a pregnant woman', () => {
    expect(ofType(all, 'Patient').filter((each) => each['deceasedDateTime'] !== undefined).length).toBe(1);
    expect(person('claire')[0]?.['name']).toEqual(
      expect.arrayContaining([expect.objectContaining({ use: 'old', family: 'Rosewood' })]),
    );
    expect(ofType(person('milo'), 'Observation').some((each) => isCode(each, '59576-9'))).toBe(true);
    expect(ofType(person('june'), 'Observation').some((each) => isCode(each, '8289-1'))).toBe(true);
    expect(
      ofType(person('sofia'), 'Observation').some(
        (each) => elementAt(each, 'valueCodeableConcept.coding.0.code') === '77386006',
      ),
    ).toBe(true);
  });
});

describe('codes', () => {
  it('come from known systems, and each code has one display', () => {
    const known = new Set<string>(Object.values(SYSTEM));
    const displays = new Map<string, Set<string>>();
    const gather = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      const { system, code, display } = value as Record<string, unknown>;
      if (typeof system === 'string' && typeof code === 'string' && display !== undefined) {
        expect(known).toContain(system);
        const key = `${system}|${code}`;
        displays.set(key, (displays.get(key) ?? new Set()).add(String(display)));
      }
      for (const inner of Object.values(value)) gather(inner);
    };
    gather([directory, patients]);
    expect(displays.size).toBeGreaterThan(250);
    expect([...displays].filter(([, each]) => each.size > 1)).toEqual([]);
  });

  it('LOINC codes have their check digit (Luhn)', () => {
    const loinc = new Set(
      [...JSON.stringify(patients).matchAll(/"http:\/\/loinc\.org","code":"(\d+-\d)"/g)].map(
        ([, code]) => code as string,
      ),
    );
    expect(loinc.size).toBeGreaterThan(70);
    expect([...loinc].filter((code) => !luhn(code.replace('-', '')))).toEqual([]);
  });

  it('SNOMED CT codes have their check digit (Verhoeff)', () => {
    const codes = new Set(
      [...JSON.stringify([directory, patients]).matchAll(/"http:\/\/snomed\.info\/sct","code":"(\d+)"/g)].map(
        ([, code]) => code as string,
      ),
    );
    expect(codes.size).toBeGreaterThan(70);
    expect([...codes].filter((code) => !verhoeff(code))).toEqual([]);
  });
});

/** Verhoeff check digit: SNOMED CT release file specification §5.4, the dihedral group of order ten. */
function verhoeff(digits: string): boolean {
  const multiply = (a: number, b: number) =>
    a < 5 ? (b < 5 ? (a + b) % 5 : ((a + b - 5) % 5) + 5) : b < 5 ? ((a - b + 5) % 5) + 5 : (a - b + 5) % 5;
  const permute = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
  let check = 0;
  [...digits].reverse().forEach((digit, index) => {
    let value = Number(digit);
    for (let turn = 0; turn < index % 8; turn++) value = permute[value] as number;
    check = multiply(check, value);
  });
  return check === 0;
}
