import type { Chart, Visit } from '../chart.ts';
import { coding, concept, conceptOf, quantity, rounded } from '../codes/coding.ts';
import { VITALS, type VitalKey, type VitalSign } from '../codes/vital-signs.ts';
import type { Dice } from '../dice.ts';
import { along } from '../trend.ts';
import { bmiPercentile, headPercentile, weightPercentile } from './growth-percentiles.ts';
import { type Finding, recordFinding } from './observation.ts';

type Measured = Partial<Record<VitalKey, number>>;

/** Usual values of a grown person, where a life says nothing else. */
const USUAL: Measured = {
  systolic: 118,
  diastolic: 74,
  pulse: 72,
  respirations: 15,
  temperature: 36.7,
  saturation: 98,
};

/** What is measured at which kind of visit. */
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
      ...(chart.life.vitals.waist === undefined ? [] : (['waist'] as const)),
    ];
  return kind === 'followUp' || kind === 'prenatal' ? basic : [...basic, 'respirations', 'temperature', 'saturation'];
}

export function recordVitals(chart: Chart, visit: Visit): Measured {
  const keys = [...taken(chart, visit), ...(Object.keys(visit.plan.vitals ?? {}) as VitalKey[])];
  const dice = chart.dice.fork(`vitals ${visit.key}`);
  const measured: Measured = {};
  for (const key of new Set(keys)) measured[key] = measure(chart, visit, key, dice);
  for (const [key, value] of Object.entries(withRatios(chart, visit, measured)) as [VitalKey, number][]) {
    if (visit.plan.declined === true) recordDeclined(chart, visit, key);
    else if (key === 'systolic') recordPressure(chart, visit, measured);
    else if (key !== 'diastolic') recordFinding(chart, visit, key, finding(VITALS[key], value, visit));
  }
  return visit.plan.declined === true ? {} : measured;
}

const NOT_TAKEN = conceptOf('dataAbsent', 'asked-declined', 'Asked But Declined', 'The patient did not want it');
const POSITION = conceptOf('loinc', '8361-8', 'Body position with respect to gravity', 'Position');

/** There is an entry, and it has no value: neither it, nor the position that it would have been taken in. */
function recordDeclined(chart: Chart, visit: Visit, key: VitalKey): void {
  if (key === 'diastolic') return;
  const absent = { dataAbsentReason: NOT_TAKEN };
  const plain = finding(VITALS[key], 0, visit);
  const part = (sign: VitalSign) => ({ code: conceptOf('loinc', sign.loinc, sign.display, sign.plain), ...absent });
  if (key === 'systolic')
    recordFinding(chart, visit, 'pressure', {
      ...pressure([part(VITALS.systolic), part(VITALS.diastolic)]),
      found: { ...absent, component: [part(VITALS.systolic), part(VITALS.diastolic)] },
    });
  else if (key === 'saturation')
    recordFinding(chart, visit, key, { ...plain, found: { ...absent, component: oxygenComponents(undefined) } });
  else recordFinding(chart, visit, key, { ...plain, found: { ...absent, component: [{ code: POSITION, ...absent }] } });
}

const FLOW = conceptOf('loinc', '3151-8', 'Inhaled oxygen flow rate', 'Oxygen, flow');
const CONCENTRATION = conceptOf('loinc', '3150-6', 'Inhaled oxygen concentration', 'Oxygen, share');

/** @param liters a minute; undefined: not taken */
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
  // scales and people vary by half a percent, babies and grown men alike
  const spread = key === 'weight' ? middle * 0.005 : VITALS[key].spread;
  const value = rounded(middle + (found === undefined ? dice.bell() * spread : 0), VITALS[key].decimals);
  return key === 'saturation' ? Math.min(100, value) : value;
}

/** Body mass index of the weight and height as written, and the percentiles of a child. */
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

function finding(sign: VitalSign, value: number, { plan }: Visit): Finding {
  const code =
    sign === VITALS.saturation
      ? concept(
          [coding('loinc', sign.loinc, sign.display), coding('loinc', '2708-6', 'Oxygen saturation in Arterial blood')],
          sign.plain,
        )
      : conceptOf('loinc', sign.loinc, sign.display, sign.plain);
  return {
    profile: sign.profile,
    category: 'vital-signs',
    code,
    minute: 4,
    found: { valueQuantity: quantity(value, sign.ucum, sign.unit), ...componentsOf(sign, plan) },
  };
}

/** At check-ups the position is written down; with a saturation the oxygen that was breathed. */
function componentsOf(sign: VitalSign, { kind, oxygen }: Visit['plan']) {
  if (sign === VITALS.saturation) return oxygen === undefined ? {} : { component: oxygenComponents(oxygen) };
  if (kind !== 'checkup' && kind !== 'wellChild') return {};
  const position = conceptOf('snomed', '33586001', 'Sitting position (finding)', 'Sitting');
  return { component: [{ code: POSITION, valueCodeableConcept: position }] };
}

const PRESSURE = conceptOf('loinc', '85354-9', 'Blood pressure panel with all children optional', 'Blood pressure');

function recordPressure(chart: Chart, visit: Visit, { systolic = 0, diastolic = 0 }: Measured): void {
  const component = (sign: VitalSign, value: number) => ({
    code: conceptOf('loinc', sign.loinc, sign.display, sign.plain),
    valueQuantity: quantity(value, sign.ucum, sign.unit),
  });
  const components = [component(VITALS.systolic, systolic), component(VITALS.diastolic, diastolic)];
  recordFinding(chart, visit, 'pressure', pressure(components));
}

const pressure = (component: readonly object[]): Finding => ({
  profile: 'us-core-blood-pressure',
  category: 'vital-signs',
  code: PRESSURE,
  minute: 4,
  found: { component },
});
