import { englishCounter } from '../../i18n/index.ts';
import { type ConditionKey, conditionName } from '../codes/conditions.ts';
import { type AnalyteKey, analyte } from '../codes/laboratory.ts';
import { medicineName } from '../codes/medicines.ts';
import { SUBSTANCES } from '../codes/substances.ts';
import { visitKind } from '../codes/visits.ts';
import { VITALS, type VitalKey } from '../codes/vital-signs.ts';
import { longDate } from '../scenarios/calendar.ts';
import { fullName } from '../scenarios/persona.ts';
import { activeMedicines, activeProblems } from '../scenarios/scenario.ts';
import type { RecordBuilder, ScheduledVisit } from './record-builder.ts';
import { visitReasons } from './resources/clinical/encounter.ts';

export type MeasuredVitals = Partial<Record<VitalKey, number>>;

/** Returns the text of a visit's note. It is derived from the record, so that note and record agree. */
export function visitNote(chart: RecordBuilder, visit: ScheduledVisit, measured: MeasuredVitals): string {
  const kind = visitKind(visit.plan.kind);
  const { persona } = chart.scenario;
  const reasons = visitReasons(chart, visit);
  return [
    `# ${kind.type.text}`,
    `${fullName(persona)}, ${ageText(chart.ageAt(visit.start))}`,
    `${longDate(visit.start)}, ${chart.directory.location(kind.location).display}`,
    `Seen by ${chart.directory.practitioner(visit.plan.by).display}`,
    '',
    ...section('Reason for visit', [visit.plan.story ?? reasonText(kind.type.text, reasons)]),
    ...section('Allergies', allergies(chart, visit)),
    ...section(
      'Medicines',
      activeMedicines(chart.scenario, visit.ago).map((each) => `- ${medicineName(each.drug)}: ${each.dosage.text}`),
    ),
    ...section('Measured today', vitalLines(measured)),
    ...section('Laboratory', labLines(chart, visit)),
    ...section('Assessment and plan', assessment(chart, visit, reasons)),
    'This is made-up sandbox data about a person who does not exist.',
  ].join('\n');
}

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [`# ${title}`, ...lines, ''];

const reasonText = (kind: string, reasons: readonly ConditionKey[]): string =>
  reasons.length === 0 ? `${kind}.` : `${kind} for ${reasons.map(conditionName).join(', ').toLowerCase()}.`;

const countMonths = englishCounter('month', 'months');

export function ageText(age: number): string {
  if (age >= 2) return `${Math.floor(age)} years old`;
  const months = Math.floor(age * 12 + 0.05);
  return months < 1 ? `${Math.round(age * 52.18)} weeks old` : `${countMonths(months)} old`;
}

function allergies(chart: RecordBuilder, visit: ScheduledVisit): readonly string[] {
  const known = chart.scenario.allergies.filter(
    (each) => (each.state ?? 'active') === 'active' && (each.onset ?? 6) >= visit.ago,
  );
  return known.map((each) => `- ${SUBSTANCES[each.substance].text}`);
}

function vitalLines(measured: MeasuredVitals): readonly string[] {
  const { systolic, diastolic } = measured;
  const rest = (Object.keys(measured) as VitalKey[]).filter((key) => key !== 'systolic' && key !== 'diastolic');
  return [
    ...(systolic === undefined ? [] : [`- Blood pressure: ${systolic}/${diastolic} mmHg`]),
    ...rest.map((key) => `- ${VITALS[key].plain}: ${measured[key]} ${VITALS[key].unit}`),
  ];
}

const labLines = (chart: RecordBuilder, visit: ScheduledVisit): readonly string[] =>
  [...chart.results]
    .filter(([, { at }]) => at.getTime() === visit.start.getTime())
    .map(([key, { value }]) => `- ${analyte(key).plain}: ${value} ${analyte(key).unit}`);

/** For each condition, the laboratory results that show how it progresses. The note states their latest values. */
const PROGRESS_RESULTS: Partial<Record<ConditionKey, readonly AnalyteKey[]>> = {
  diabetes: ['a1c', 'urineAlbumin'],
  prediabetes: ['a1c'],
  gestationalDiabetes: ['glucoseChallenge'],
  diabeticKidney: ['creatinine', 'egfr'],
  kidneyStage3: ['egfr', 'potassium'],
  kidneyStage4: ['egfr', 'potassium'],
  kidneyFailure: ['potassium', 'phosphate', 'parathyrin'],
  kidneyAnemia: ['hemoglobin', 'ferritin'],
  hyperlipidemia: ['ldl', 'triglycerides'],
  coronary: ['ldl'],
  hypothyroidism: ['tsh'],
  fibrillation: ['inr'],
  heartFailure: ['ntProBnp'],
  arthritis: ['crp', 'sedimentation'],
  ironDeficiency: ['hemoglobin', 'ferritin'],
  gout: ['urate'],
};

function assessment(chart: RecordBuilder, visit: ScheduledVisit, reasons: readonly ConditionKey[]): readonly string[] {
  const listed = reasons.length > 0 ? reasons : activeProblems(chart.scenario, visit.ago).map((problem) => problem.key);
  const lines = listed.map(
    (key, index) => `${index + 1}. ${conditionName(key)}: ${conditionProgress(chart, visit, key)}`,
  );
  return [
    ...lines,
    ...(visit.plan.plan === undefined ? [] : [visit.plan.plan]),
    ...(lines.length + (visit.plan.plan ? 1 : 0) === 0 ? ['Well. Nothing to treat today.'] : []),
  ];
}

function conditionProgress(chart: RecordBuilder, visit: ScheduledVisit, key: ConditionKey): string {
  const trends = (PROGRESS_RESULTS[key] ?? []).flatMap((name) => {
    const last = chart.results.get(name);
    return last === undefined
      ? []
      : [`${analyte(name).plain} ${last.value} ${analyte(name).unit} on ${longDate(last.at)}`];
  });
  const medicines = activeMedicines(chart.scenario, visit.ago).filter((each) => each.for === key);
  const treated =
    medicines.length > 0
      ? `${visit.plan.acute?.includes(key) === true ? 'take' : 'continue'} ${medicines.map((each) => medicineName(each.drug)).join(', ')}.`
      : visit.plan.acute?.includes(key) === true
        ? 'new.'
        : 'watched.';
  return [...trends, treated].join('; ');
}
