import type { Chart, Visit } from '../chart.ts';
import { coding, concept, conceptOf, quantity, rounded } from '../codes/coding.ts';
import { VITALS, type VitalKey, type VitalSign } from '../codes/vital-signs.ts';
import type { Dice } from '../dice.ts';
import { along } from '../trend.ts';
import { bmiPercentile, headPercentile, weightPercentile } from './growth-percentiles.ts';
import { type Finding, recordFinding } from './observation.ts';

type Measured = Partial<Record<VitalKey, number>>;

/** Usual values of an adult, where a scenario has none. */
const USUAL: Measured = {
  systolic: 118,
  diastolic: 74,
  pulse: 72,
  respirations: 15,
  temperature: 36.7,
  saturation: 98,
};

/** Vital signs that are measured at a visit, by its kind and the patient's age. */
function taken(chart: Chart, visit: Visit): readonly VitalKey[] {
  const { kind, only } = visit.plan;
  if (only !== undefined) return only;
  if (kind === 'video') return [];
  const age = chart.age(visit.start);
  if (age < 2) return ['weight', 'height', 'headCircumference', 'temperature', 'pulse'];
  if (age < 18)
    return [
      'weight',
      'height',
      'pulse',
      'respirations',
      'temperature',
      ...(age >= 3 ? (['systolic', 'diastolic'] as const) : []),
    ];
  const basic: readonly VitalKey[] = ['systolic', 'diastolic', 'pulse', 'weight'];
  if (kind === 'checkup')
    return [
      ...basic,
      'respirations',
      'temperature',
      'height',
      ...(['waist', 'standingSystolic'] as const).filter((key) => chart.life.vitals[key] !== undefined),
    ];
  return kind === 'followUp' || kind === 'prenatal' ? basic : [...basic, 'respirations', 'temperature', 'saturation'];
}

export function recordVitals(chart: Chart, visit: Visit): Measured {
  const keys = [...taken(chart, visit), ...(Object.keys(visit.plan.vitals ?? {}) as VitalKey[])];
  const dice = chart.dice.fork(`vitals ${visit.key}`);
  const measured: Measured = {};
  for (const key of new Set(keys)) measured[key] = measure(chart, visit, key, dice);
  const all = withRatios(chart, visit, measured);
  for (const [key, value] of Object.entries(all) as [VitalKey, number][]) {
    if (visit.plan.declined === true) recordDeclined(chart, visit, key);
    else if (key === 'systolic') recordPressure(chart, visit, measured);
    else if (key !== 'diastolic') recordFinding(chart, visit, key, withParts(key, value, all, visit));
  }
  return visit.plan.declined === true ? {} : measured;
}

const NOT_TAKEN = conceptOf('dataAbsent', 'asked-declined', 'Asked But Declined', 'The patient did not want it');

/** An Observation without a value, and without values in its components. */
function recordDeclined(chart: Chart, visit: Visit, key: VitalKey): void {
  if (key === 'diastolic') return;
  const absent = { dataAbsentReason: NOT_TAKEN };
  const part = (sign: Coded) => ({ code: codeOf(sign), ...absent });
  if (key === 'systolic')
    recordFinding(chart, visit, 'pressure', {
      ...pressure([part(VITALS.systolic), part(VITALS.diastolic)]),
      found: { ...absent, component: [part(VITALS.systolic), part(VITALS.diastolic)] },
    });
  else {
    const parts = key === 'saturation' ? oxygenComponents(undefined) : (PARTS[key] ?? []).map(({ sign }) => part(sign));
    const found = { ...absent, ...(parts.length === 0 ? {} : { component: parts }) };
    recordFinding(chart, visit, key, { ...finding(VITALS[key], 0), found });
  }
}

type Coded = Pick<VitalSign, 'loinc' | 'display' | 'plain' | 'ucum' | 'unit' | 'also'>;
const codeOf = ({ loinc, display, plain, also }: Coded) =>
  concept([coding('loinc', loinc, display), ...(also === undefined ? [] : [coding('loinc', ...also)])], plain);

/** A component of a vital sign. R4 requires UCUM units for component values. */
interface Part {
  readonly sign: Coded;
  readonly of: (measured: Measured) => number | undefined;
}
const stated = (loinc: string, display: string, plain: string, { ucum, unit }: VitalSign): Coded => ({
  loinc,
  display,
  plain,
  ucum,
  unit,
});
const measuredAs = (key: VitalKey): Part => ({ sign: VITALS[key], of: (measured) => measured[key] });
const roundly = (value: number | undefined): number | undefined =>
  value === undefined ? undefined : rounded(value, 0);

/** Values that a vital sign was calculated from or recorded with. */
const PARTS: Partial<Record<VitalKey, readonly Part[]>> = {
  weight: [
    {
      sign: stated('3142-7', 'Body weight Stated', 'Weight, as the patient says', VITALS.weight),
      of: ({ weight }) => roundly(weight),
    },
  ],
  height: [
    {
      sign: stated('3138-5', 'Body height Stated', 'Height, as the patient says', VITALS.height),
      of: ({ height }) => roundly(height),
    },
  ],
  pulse: [
    {
      sign: stated('40443-4', 'Heart rate --resting', 'Heart rate after five minutes of rest', VITALS.pulse),
      of: ({ pulse }) => (pulse === undefined ? undefined : pulse - 2),
    },
  ],
  respirations: [measuredAs('pulse')],
  temperature: [
    {
      sign: stated('8331-1', 'Oral temperature', 'Temperature in the mouth', VITALS.temperature),
      of: ({ temperature }) => temperature,
    },
  ],
  bmi: [measuredAs('weight'), measuredAs('height')],
  bmiPercentile: [measuredAs('bmi')],
  weightPercentile: [measuredAs('weight'), measuredAs('height')],
  headCircumference: [measuredAs('headPercentile')],
  headPercentile: [measuredAs('headCircumference')],
};
const PERCENTILES: readonly VitalKey[] = ['bmiPercentile', 'weightPercentile', 'headCircumference', 'headPercentile'];

/** Components are recorded at the checkups of the last year, and always with a percentile. */
function partsOf(key: VitalKey, measured: Measured, visit: Visit): readonly object[] {
  const isLate = visit.plan.kind === 'checkup' && visit.ago < 1;
  if (key === 'saturation' || !(isLate || PERCENTILES.includes(key))) return [];
  return (PARTS[key] ?? []).flatMap(({ sign, of }) => {
    const value = of(measured);
    return value === undefined ? [] : [{ code: codeOf(sign), valueQuantity: quantity(value, sign.ucum, sign.unit) }];
  });
}

const FLOW = conceptOf('loinc', '3151-8', 'Inhaled oxygen flow rate', 'Oxygen, flow');
const CONCENTRATION = conceptOf('loinc', '3150-0', 'Inhaled oxygen concentration', 'Oxygen, share');

/** @param liters liters per minute; undefined if not taken */
const oxygenComponents = (liters: number | undefined) =>
  liters === undefined
    ? [FLOW, CONCENTRATION].map((code) => ({ code, dataAbsentReason: NOT_TAKEN }))
    : [
        { code: FLOW, valueQuantity: quantity(liters, 'L/min') },
        { code: CONCENTRATION, valueQuantity: quantity(21 + liters * 4, '%') },
      ];

function measure(chart: Chart, visit: Visit, key: VitalKey, dice: Dice): number {
  const { heightCm, weightKg } = chart.life.persona;
  const trend = chart.life.vitals[key];
  const usual = key === 'height' ? heightCm : key === 'weight' ? weightKg : (USUAL[key] ?? 0);
  const own = chart.dice.fork(`usual ${key}`).bell() * VITALS[key].spread * 0.5;
  const found = visit.plan.vitals?.[key];
  const middle = found ?? (trend === undefined ? usual + own : along(trend, visit.ago));
  // Weight varies by half a percent between measurements, at any age.
  const spread = key === 'weight' ? middle * 0.005 : VITALS[key].spread;
  const value = rounded(middle + (found === undefined ? dice.bell() * spread : 0), VITALS[key].decimals);
  return key === 'saturation' ? Math.min(100, value) : value;
}

/** Adds the body mass index of the recorded weight and height, and a child's percentiles. */
function withRatios(chart: Chart, visit: Visit, measured: Measured): Measured {
  const age = chart.age(visit.start);
  const sex = chart.life.persona.birthSex === 'M' ? 'male' : 'female';
  const { weight, headCircumference } = measured;
  const height = measured.height ?? (age >= 18 ? chart.life.persona.heightCm : undefined);
  const all = { ...measured };
  if (weight !== undefined && height !== undefined && age >= 2) {
    all.bmi = rounded(weight / (height / 100) ** 2, 1);
    if (age < 20) all.bmiPercentile = bmiPercentile(all.bmi, age, sex);
  }
  if (weight !== undefined && height !== undefined && age < 2) all.weightPercentile = weightPercentile(weight, height);
  if (headCircumference !== undefined) all.headPercentile = headPercentile(headCircumference, age, sex);
  return all;
}

const finding = (sign: VitalSign, value: number): Finding => ({
  profile: sign.profile,
  category: 'vital-signs',
  code: codeOf(sign),
  minute: 4,
  found: { valueQuantity: quantity(value, sign.ucum, sign.unit) },
});

/** Adds inhaled oxygen as components of an oxygen saturation. */
function withParts(key: VitalKey, value: number, measured: Measured, visit: Visit): Finding {
  const { oxygen } = visit.plan;
  const breathed = key === 'saturation' && oxygen !== undefined ? oxygenComponents(oxygen) : [];
  const component = [...breathed, ...partsOf(key, measured, visit)];
  const plain = finding(VITALS[key], value);
  const found = { ...positioned(key, visit), ...plain.found, ...(component.length === 0 ? {} : { component }) };
  return { ...plain, found };
}

const POSITIONS = {
  sitting: conceptOf('snomed', '33586001', 'Sitting position (finding)', 'Sitting'),
  standing: conceptOf('snomed', '10904000', 'Orthostatic body position (finding)', 'Standing'),
};

/** Body position noted at a checkup (FHIR R4 extension observation-bodyPosition). */
function positioned(key: VitalKey, { plan: { kind } }: Visit) {
  const isNoted = key === 'standingSystolic' || (kind === 'checkup' && (key === 'systolic' || key === 'pulse'));
  if (!isNoted) return {};
  const valueCodeableConcept = key === 'standingSystolic' ? POSITIONS.standing : POSITIONS.sitting;
  return {
    extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/observation-bodyPosition', valueCodeableConcept }],
  };
}

const PRESSURE = conceptOf('loinc', '85354-9', 'Blood pressure panel with all children optional', 'Blood pressure');

function recordPressure(chart: Chart, visit: Visit, { systolic = 0, diastolic = 0 }: Measured): void {
  const component = (sign: VitalSign, value: number) => ({
    code: codeOf(sign),
    valueQuantity: quantity(value, sign.ucum, sign.unit),
  });
  const components = [component(VITALS.systolic, systolic), component(VITALS.diastolic, diastolic)];
  const taken = pressure(components);
  recordFinding(chart, visit, 'pressure', { ...taken, found: { ...positioned('systolic', visit), ...taken.found } });
}

const pressure = (component: readonly object[]): Finding => ({
  profile: 'us-core-blood-pressure',
  category: 'vital-signs',
  code: PRESSURE,
  minute: 4,
  found: { component },
});
