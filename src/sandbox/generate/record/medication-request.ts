import { addDays, dateText, timeText, type YearsAgo } from '../calendar.ts';
import type { Chart, Visit } from '../chart.ts';
import { coding, conceptOf, profiled, quantity, usCoreExtension } from '../codes/coding.ts';
import { doseUnit, type MedicineKey, medicineConcept, medicineName, routeOf } from '../codes/medicines.ts';
import { type Regimen, type Sig, SOON } from '../life.ts';
import { reasonFor } from './condition.ts';
import { recordDispenses } from './dispense.ts';
import { labelsOf } from './sensitive.ts';

/** Records each regimen as its orders: the first one, and a renewal for every year it went on. */
export function recordMedicines(chart: Chart, visits: readonly Visit[]): void {
  for (const drug of new Set(chart.life.medicines.map((regimen) => regimen.drug))) {
    if (APART.has(drug)) recordMedication(chart, drug);
  }
  for (const regimen of chart.life.medicines) {
    const orders = orderTimes(regimen, chart.life.persona.died ?? 0);
    orders.forEach((ago, index) => {
      const status = statusOf(regimen, index === orders.length - 1, chart.life.persona.died !== undefined);
      recordOrder(chart, regimen, visitFor(visits, regimen, ago), ago, status, index);
    });
  }
}

/** Medications that orders refer to by Medication reference instead of a code. Apps must be able to read both. */
const APART: ReadonlySet<MedicineKey> = new Set(['glargine', 'empagliflozin']);

const recordMedication = (chart: Chart, drug: MedicineKey): unknown =>
  chart.add('Medication', drug, {
    meta: profiled('us-core-medication'),
    code: medicineConcept(drug),
    status: 'active',
  });

const medicineOf = (chart: Chart, drug: MedicineKey) =>
  APART.has(drug)
    ? { medicationReference: { ...chart.pointer('Medication', drug), display: medicineName(drug) } }
    : { medicationCodeableConcept: medicineConcept(drug) };

type Status = 'active' | 'stopped' | 'completed';

function orderTimes(regimen: Regimen, end: YearsAgo): readonly YearsAgo[] {
  if (regimen.reported === true || regimen.planned === true) return [regimen.from];
  const until = Math.max(regimen.until ?? 0, end);
  const count = Math.max(1, Math.ceil(regimen.from - until - 0.05));
  return Array.from({ length: count }, (_, index) => regimen.from - index);
}

const statusOf = (regimen: Regimen, last: boolean, died: boolean): Status =>
  !last ? 'completed' : regimen.until !== undefined ? (regimen.end ?? 'stopped') : died ? 'completed' : 'active';

/** The first visit with the same clinician within two months; undefined if the order was written between visits. */
function visitFor(visits: readonly Visit[], regimen: Regimen, ago: YearsAgo): Visit | undefined {
  return visits.find(
    (visit) =>
      visit.plan.kind !== 'dialysis' &&
      visit.plan.by === regimen.by &&
      visit.ago <= ago + SOON &&
      visit.ago > ago - 0.17,
  );
}

function recordOrder(
  chart: Chart,
  regimen: Regimen,
  visit: Visit | undefined,
  ago: YearsAgo,
  status: Status,
  index: number,
): void {
  const authored = visit?.start ?? chart.moment(ago);
  const own = regimen.reported === true || regimen.planned === true;
  const practitioner = chart.directory.practitioner(regimen.by);
  const key = `${regimen.drug} ${index} ${regimen.planned === true ? 'plan' : regimen.from.toFixed(3)}`;
  const medication = medicineOf(chart, regimen.drug);
  const request = chart.add(
    'MedicationRequest',
    key,
    {
      meta: { ...profiled('us-core-medicationrequest'), ...labelsOf(chart, regimen.for) },
      status,
      ...(status === 'stopped' ? stopped(regimen) : {}),
      intent: own ? 'plan' : 'order',
      category: [
        inHospital(visit)
          ? conceptOf('requestCategory', 'discharge', 'Discharge')
          : conceptOf('requestCategory', 'community', 'Community'),
      ],
      ...adherence(regimen, authored),
      ...toldBy(chart, regimen),
      ...medication,
      subject: chart.subject,
      ...(visit === undefined ? {} : { encounter: visit.encounter }),
      authoredOn: timeText(authored),
      requester: regimen.reported === true ? chart.subject : practitioner,
      ...reasonFor(chart, regimen.for),
      dosageInstruction: [dosage(regimen)],
      ...(own ? {} : { dispenseRequest: dispense(regimen, authored) }),
    },
    visit,
  );
  if (own || status !== 'active') return;
  const { quantity: amount } = dispense(regimen, authored);
  const labels = labelsOf(chart, regimen.for);
  const order = { request, key, authored, medication, labels, visit };
  recordDispenses(chart, { ...order, quantity: amount, dosage: dosage(regimen) });
}

/** Returns who reported a medication that was ordered elsewhere: the patient or another doctor. */
const toldBy = (chart: Chart, { reported, reportedBy }: Regimen) =>
  reportedBy === undefined
    ? { reportedBoolean: reported === true }
    : { reportedReference: chart.directory.practitioner(reportedBy) };

/** Adherence as reported by the patient (US Core medication adherence extension). */
function adherence({ taken }: Regimen, asserted: Date): object {
  if (taken === undefined) return {};
  const parts = [
    { url: 'medicationAdherence', valueCodeableConcept: ADHERENCE[taken] },
    { url: 'dateAsserted', valueDateTime: timeText(asserted) },
    { url: 'informationSource', valueCodeableConcept: conceptOf('snomed', '116154003', 'Patient (person)', 'Patient') },
  ];
  return { extension: [{ url: usCoreExtension('us-core-medication-adherence'), extension: parts }] };
}

const ADHERENCE = {
  sometimes: conceptOf('snomed', '275928001', 'Drugs - partial non-compliance (finding)', 'Not taken every time'),
} as const;

const inHospital = (visit: Visit | undefined): boolean => visit?.plan.kind === 'hospital';

const stopped = (regimen: Regimen) => ({
  statusReason:
    regimen.why?.startsWith('Side effect') === true
      ? { coding: [coding('requestStatusReason', 'sintol', 'Suspected intolerance')], text: regimen.why }
      : { text: regimen.why ?? 'No longer needed' },
});

function dosage({ drug, sig }: Regimen) {
  const [code, unit] = doseUnit(drug);
  const [frequency, period, periodUnit] = sig.timing;
  const route = routeOf(drug);
  return {
    sequence: 1,
    text: sig.text,
    timing: { repeat: { frequency, period, periodUnit } },
    ...(sig.asNeeded === undefined ? {} : { asNeededBoolean: sig.asNeeded }),
    ...(route === undefined ? {} : { route }),
    doseAndRate: [
      {
        type: { coding: [coding('doseRateType', 'ordered', 'Ordered')] },
        doseQuantity: quantity(sig.dose, code, unit),
      },
    ],
  };
}

function dispense(regimen: Regimen, authored: Date) {
  const [code, unit] = doseUnit(regimen.drug);
  const days = regimen.quantity === undefined ? 90 : daysOf(regimen.sig, regimen.quantity);
  const amount = regimen.quantity ?? Math.round(dosesPerDay(regimen.sig) * regimen.sig.dose * 90);
  return {
    validityPeriod: { start: dateText(authored), end: dateText(addDays(authored, 365)) },
    numberOfRepeatsAllowed: regimen.quantity === undefined ? 3 : 0,
    quantity: quantity(amount, code, unit),
    expectedSupplyDuration: quantity(days, 'd', 'days'),
  };
}

const PER_DAY = { h: 24, d: 1, wk: 1 / 7 } as const;
const dosesPerDay = ({ timing: [frequency, period, unit] }: Sig): number => (frequency * PER_DAY[unit]) / period;
const daysOf = (sig: Sig, amount: number): number => Math.max(1, Math.round(amount / (dosesPerDay(sig) * sig.dose)));
