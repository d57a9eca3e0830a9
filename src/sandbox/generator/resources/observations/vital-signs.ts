import { codeableConcept, coding, conceptFromCodings, quantity, roundTo } from '../../../codes/coding.ts';
import { VITALS, type VitalKey, type VitalSign } from '../../../codes/vital-signs.ts';
import { valueAt } from '../../../scenarios/trend.ts';
import type { RecordBuilder, ScheduledVisit } from '../../record-builder.ts';
import type { SeededRandom } from '../../seeded-random.ts';
import { bmiPercentile, headPercentile, weightPercentile } from './growth-percentiles.ts';
import { addObservation, type ObservationFinding } from './observation.ts';

type VitalValues = Partial<Record<VitalKey, number>>;

/** Usual vital signs of an adult. They are used for vital signs of which a scenario has no values. */
const USUAL_ADULT: VitalValues = {
  systolic: 118,
  diastolic: 74,
  pulse: 72,
  respirations: 15,
  temperature: 36.7,
  saturation: 98,
};

/** Returns the vital signs that are measured at a visit. They depend on the kind of the visit and the patient's age. */
function vitalsTaken(chart: RecordBuilder, visit: ScheduledVisit): readonly VitalKey[] {
  const { kind, onlyVitals } = visit.plan;
  if (onlyVitals !== undefined) return onlyVitals;
  if (kind === 'video') return [];
  const age = chart.ageAt(visit.start);
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
      ...(['waist', 'standingSystolic'] as const).filter((key) => chart.scenario.vitals[key] !== undefined),
    ];
  return kind === 'followUp' || kind === 'prenatal' ? basic : [...basic, 'respirations', 'temperature', 'saturation'];
}

export function addVitals(chart: RecordBuilder, visit: ScheduledVisit): VitalValues {
  const keys = [...vitalsTaken(chart, visit), ...(Object.keys(visit.plan.vitals ?? {}) as VitalKey[])];
  const dice = chart.random.fork(`vitals ${visit.key}`);
  const measured: VitalValues = {};
  for (const key of new Set(keys)) measured[key] = measureVital(chart, visit, key, dice);
  const all = withRatios(chart, visit, measured);
  for (const [key, value] of Object.entries(all) as [VitalKey, number][]) {
    if (visit.plan.declinedVitals === true) addDeclinedVital(chart, visit, key);
    else if (key === 'systolic') addPressure(chart, visit, measured);
    else if (key !== 'diastolic') addObservation(chart, visit, key, withComponents(key, value, all, visit));
  }
  return visit.plan.declinedVitals === true ? {} : measured;
}

const NOT_TAKEN = codeableConcept('dataAbsent', 'asked-declined', 'Asked But Declined', 'The patient did not want it');

/**
 * Adds an Observation for a measurement that the patient declined. It has a dataAbsentReason instead of a value, and so
 * do its components.
 */
function addDeclinedVital(chart: RecordBuilder, visit: ScheduledVisit, key: VitalKey): void {
  if (key === 'diastolic') return;
  const absent = { dataAbsentReason: NOT_TAKEN };
  const part = (sign: CodedVital) => ({ code: vitalCode(sign), ...absent });
  if (key === 'systolic')
    addObservation(chart, visit, 'pressure', {
      ...pressureFinding([part(VITALS.systolic), part(VITALS.diastolic)]),
      elements: { ...absent, component: [part(VITALS.systolic), part(VITALS.diastolic)] },
    });
  else {
    const parts = key === 'saturation' ? oxygenComponents(undefined) : (PARTS[key] ?? []).map(({ sign }) => part(sign));
    const elements = { ...absent, ...(parts.length === 0 ? {} : { component: parts }) };
    addObservation(chart, visit, key, { ...vitalFinding(VITALS[key], 0), elements });
  }
}

type CodedVital = Pick<VitalSign, 'loinc' | 'display' | 'plain' | 'ucum' | 'unit' | 'also'>;
const vitalCode = ({ loinc, display, plain, also }: CodedVital) =>
  conceptFromCodings(
    [coding('loinc', loinc, display), ...(also === undefined ? [] : [coding('loinc', ...also)])],
    plain,
  );

/** A component of a vital sign. R4 requires UCUM units for component values. */
interface VitalComponent {
  readonly sign: CodedVital;
  readonly valueFrom: (measured: VitalValues) => number | undefined;
}
const statedVital = (loinc: string, display: string, plain: string, { ucum, unit }: VitalSign): CodedVital => ({
  loinc,
  display,
  plain,
  ucum,
  unit,
});
const measuredVital = (key: VitalKey): VitalComponent => ({
  sign: VITALS[key],
  valueFrom: (measured) => measured[key],
});
const roundedValue = (value: number | undefined): number | undefined =>
  value === undefined ? undefined : roundTo(value, 0);

/** For each vital sign, its components: values from which it was calculated, or with which it was recorded. */
const PARTS: Partial<Record<VitalKey, readonly VitalComponent[]>> = {
  weight: [
    {
      sign: statedVital('3142-7', 'Body weight Stated', 'Weight, as the patient says', VITALS.weight),
      valueFrom: ({ weight }) => roundedValue(weight),
    },
  ],
  height: [
    {
      sign: statedVital('3138-5', 'Body height Stated', 'Height, as the patient says', VITALS.height),
      valueFrom: ({ height }) => roundedValue(height),
    },
  ],
  pulse: [
    {
      sign: statedVital('40443-4', 'Heart rate --resting', 'Heart rate after five minutes of rest', VITALS.pulse),
      valueFrom: ({ pulse }) => (pulse === undefined ? undefined : pulse - 2),
    },
  ],
  respirations: [measuredVital('pulse')],
  temperature: [
    {
      sign: statedVital('8331-1', 'Oral temperature', 'Temperature in the mouth', VITALS.temperature),
      valueFrom: ({ temperature }) => temperature,
    },
  ],
  bmi: [measuredVital('weight'), measuredVital('height')],
  bmiPercentile: [measuredVital('bmi')],
  weightPercentile: [measuredVital('weight'), measuredVital('height')],
  headCircumference: [measuredVital('headPercentile')],
  headPercentile: [measuredVital('headCircumference')],
};
const PERCENTILES: readonly VitalKey[] = ['bmiPercentile', 'weightPercentile', 'headCircumference', 'headPercentile'];

/**
 * Returns the components of a vital sign. A percentile always has components. Other vital signs have them only at the
 * checkups of the last year.
 */
function vitalComponents(key: VitalKey, measured: VitalValues, visit: ScheduledVisit): readonly object[] {
  const isLate = visit.plan.kind === 'checkup' && visit.ago < 1;
  if (key === 'saturation' || !(isLate || PERCENTILES.includes(key))) return [];
  return (PARTS[key] ?? []).flatMap(({ sign, valueFrom }) => {
    const value = valueFrom(measured);
    return value === undefined ? [] : [{ code: vitalCode(sign), valueQuantity: quantity(value, sign.ucum, sign.unit) }];
  });
}

const FLOW = codeableConcept('loinc', '3151-8', 'Inhaled oxygen flow rate', 'Oxygen, flow');
const CONCENTRATION = codeableConcept('loinc', '3150-0', 'Inhaled oxygen concentration', 'Oxygen, share');

/** @param liters inhaled oxygen in liters per minute; undefined if it wasn't measured */
const oxygenComponents = (liters: number | undefined) =>
  liters === undefined
    ? [FLOW, CONCENTRATION].map((code) => ({ code, dataAbsentReason: NOT_TAKEN }))
    : [
        { code: FLOW, valueQuantity: quantity(liters, 'L/min') },
        { code: CONCENTRATION, valueQuantity: quantity(21 + liters * 4, '%') },
      ];

function measureVital(chart: RecordBuilder, visit: ScheduledVisit, key: VitalKey, dice: SeededRandom): number {
  const { heightCm, weightKg } = chart.scenario.persona;
  const trend = chart.scenario.vitals[key];
  const usual = key === 'height' ? heightCm : key === 'weight' ? weightKg : (USUAL_ADULT[key] ?? 0);
  const personalOffset = chart.random.fork(`usual ${key}`).normal() * VITALS[key].spread * 0.5;
  const found = visit.plan.vitals?.[key];
  const middle = found ?? (trend === undefined ? usual + personalOffset : valueAt(trend, visit.ago));
  // Weight varies by half a percent between measurements, at any age.
  const spread = key === 'weight' ? middle * 0.005 : VITALS[key].spread;
  const value = roundTo(middle + (found === undefined ? dice.normal() * spread : 0), VITALS[key].decimals);
  return key === 'saturation' ? Math.min(100, value) : value;
}

/** Adds the body mass index, calculated from weight and height, and the percentiles of a child. */
function withRatios(chart: RecordBuilder, visit: ScheduledVisit, measured: VitalValues): VitalValues {
  const age = chart.ageAt(visit.start);
  const sex = chart.scenario.persona.birthSex === 'M' ? 'male' : 'female';
  const { weight, headCircumference } = measured;
  const height = measured.height ?? (age >= 18 ? chart.scenario.persona.heightCm : undefined);
  const all = { ...measured };
  if (weight !== undefined && height !== undefined && age >= 2) {
    all.bmi = roundTo(weight / (height / 100) ** 2, 1);
    if (age < 20) all.bmiPercentile = bmiPercentile(all.bmi, age, sex);
  }
  if (weight !== undefined && height !== undefined && age < 2) all.weightPercentile = weightPercentile(weight, height);
  if (headCircumference !== undefined) all.headPercentile = headPercentile(headCircumference, age, sex);
  return all;
}

const vitalFinding = (sign: VitalSign, value: number): ObservationFinding => ({
  profile: sign.profile,
  category: 'vital-signs',
  code: vitalCode(sign),
  minute: 4,
  elements: { valueQuantity: quantity(value, sign.ucum, sign.unit) },
});

/** Adds inhaled oxygen as components of an oxygen saturation. */
function withComponents(
  key: VitalKey,
  value: number,
  measured: VitalValues,
  visit: ScheduledVisit,
): ObservationFinding {
  const { oxygen } = visit.plan;
  const breathed = key === 'saturation' && oxygen !== undefined ? oxygenComponents(oxygen) : [];
  const component = [...breathed, ...vitalComponents(key, measured, visit)];
  const plain = vitalFinding(VITALS[key], value);
  const elements = { ...bodyPosition(key, visit), ...plain.elements, ...(component.length === 0 ? {} : { component }) };
  return { ...plain, elements };
}

const POSITIONS = {
  sitting: codeableConcept('snomed', '33586001', 'Sitting position (finding)', 'Sitting'),
  standing: codeableConcept('snomed', '10904000', 'Orthostatic body position (finding)', 'Standing'),
};

/**
 * Returns the patient's body position, if it was noted with the measurement (FHIR R4 extension
 * observation-bodyPosition).
 */
function bodyPosition(key: VitalKey, { plan: { kind } }: ScheduledVisit) {
  const isNoted = key === 'standingSystolic' || (kind === 'checkup' && (key === 'systolic' || key === 'pulse'));
  if (!isNoted) return {};
  const valueCodeableConcept = key === 'standingSystolic' ? POSITIONS.standing : POSITIONS.sitting;
  return {
    extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/observation-bodyPosition', valueCodeableConcept }],
  };
}

const PRESSURE = codeableConcept(
  'loinc',
  '85354-9',
  'Blood pressure panel with all children optional',
  'Blood pressure',
);

function addPressure(chart: RecordBuilder, visit: ScheduledVisit, { systolic = 0, diastolic = 0 }: VitalValues): void {
  const component = (sign: VitalSign, value: number) => ({
    code: vitalCode(sign),
    valueQuantity: quantity(value, sign.ucum, sign.unit),
  });
  const components = [component(VITALS.systolic, systolic), component(VITALS.diastolic, diastolic)];
  const taken = pressureFinding(components);
  addObservation(chart, visit, 'pressure', {
    ...taken,
    elements: { ...bodyPosition('systolic', visit), ...taken.elements },
  });
}

const pressureFinding = (component: readonly object[]): ObservationFinding => ({
  profile: 'us-core-blood-pressure',
  category: 'vital-signs',
  code: PRESSURE,
  minute: 4,
  elements: { component },
});
