import { codeableConcept, coding, profileMeta, quantity, usCoreExtensionUrl } from '../../../codes/coding.ts';
import { doseUnit, type MedicineKey, medicineConcept, medicineName, medicineRoute } from '../../../codes/medicines.ts';
import { addDays, toFhirDate, toFhirDateTime, type YearsAgo } from '../../../scenarios/calendar.ts';
import { type DosagePlan, type RegimenPlan, VISIT_TOLERANCE } from '../../../scenarios/scenario.ts';
import type { RecordBuilder, ScheduledVisit } from '../../record-builder.ts';
import { orderReason } from '../clinical/condition.ts';
import { securityLabels } from '../security-labels.ts';
import { addDispenses } from './medication-dispense.ts';

/** Adds MedicationRequests for each regimen: a first order, and a renewal for every further year. */
export function addMedicationRequests(chart: RecordBuilder, visits: readonly ScheduledVisit[]): void {
  for (const drug of new Set(chart.scenario.medicines.map((regimen) => regimen.drug))) {
    if (AS_MEDICATION_RESOURCE.has(drug)) addMedication(chart, drug);
  }
  for (const regimen of chart.scenario.medicines) {
    const orders = orderTimes(regimen, chart.scenario.persona.died ?? 0);
    orders.forEach((ago, index) => {
      const status = orderStatus(regimen, index === orders.length - 1, chart.scenario.persona.died !== undefined);
      addOrder(chart, regimen, findOrderVisit(visits, regimen, ago), ago, status, index);
    });
  }
}

/** Medications that orders refer to by Medication reference instead of a code. Apps must be able to read both. */
const AS_MEDICATION_RESOURCE: ReadonlySet<MedicineKey> = new Set(['glargine', 'empagliflozin']);

const addMedication = (chart: RecordBuilder, drug: MedicineKey): unknown =>
  chart.add('Medication', drug, {
    meta: profileMeta('us-core-medication'),
    code: medicineConcept(drug),
    status: 'active',
  });

const medicationElement = (chart: RecordBuilder, drug: MedicineKey) =>
  AS_MEDICATION_RESOURCE.has(drug)
    ? { medicationReference: { ...chart.referenceTo('Medication', drug), display: medicineName(drug) } }
    : { medicationCodeableConcept: medicineConcept(drug) };

type OrderStatus = 'active' | 'stopped' | 'completed';

function orderTimes(regimen: RegimenPlan, end: YearsAgo): readonly YearsAgo[] {
  if (regimen.reported === true || regimen.planned === true) return [regimen.from];
  const until = Math.max(regimen.until ?? 0, end);
  const count = Math.max(1, Math.ceil(regimen.from - until - 0.05));
  return Array.from({ length: count }, (_, index) => regimen.from - index);
}

const orderStatus = (regimen: RegimenPlan, last: boolean, died: boolean): OrderStatus =>
  !last ? 'completed' : regimen.until !== undefined ? (regimen.end ?? 'stopped') : died ? 'completed' : 'active';

/**
 * Finds the visit at which the medication was ordered: the first one with the same clinician in the two months from the
 * date of the order. Returns undefined if there is no such visit, which means that the medication was ordered between
 * visits.
 */
function findOrderVisit(
  visits: readonly ScheduledVisit[],
  regimen: RegimenPlan,
  ago: YearsAgo,
): ScheduledVisit | undefined {
  return visits.find(
    (visit) =>
      visit.plan.kind !== 'dialysis' &&
      visit.plan.by === regimen.by &&
      visit.ago <= ago + VISIT_TOLERANCE &&
      visit.ago > ago - 0.17,
  );
}

function addOrder(
  chart: RecordBuilder,
  regimen: RegimenPlan,
  visit: ScheduledVisit | undefined,
  ago: YearsAgo,
  status: OrderStatus,
  index: number,
): void {
  const authored = visit?.start ?? chart.dateAt(ago);
  const isReportedOrPlanned = regimen.reported === true || regimen.planned === true;
  const practitioner = chart.directory.practitioner(regimen.by);
  const key = `${regimen.drug} ${index} ${regimen.planned === true ? 'plan' : regimen.from.toFixed(3)}`;
  const medication = medicationElement(chart, regimen.drug);
  const request = chart.add(
    'MedicationRequest',
    key,
    {
      meta: { ...profileMeta('us-core-medicationrequest'), ...securityLabels(chart, regimen.for) },
      status,
      ...(status === 'stopped' ? stopReason(regimen) : {}),
      intent: isReportedOrPlanned ? 'plan' : 'order',
      category: [
        inHospital(visit)
          ? codeableConcept('requestCategory', 'discharge', 'Discharge')
          : codeableConcept('requestCategory', 'community', 'Community'),
      ],
      ...adherence(regimen, authored),
      ...reportedElement(chart, regimen),
      ...medication,
      subject: chart.subject,
      ...(visit === undefined ? {} : { encounter: visit.encounter }),
      authoredOn: toFhirDateTime(authored),
      requester: regimen.reported === true ? chart.subject : practitioner,
      ...orderReason(chart, regimen.for),
      dosageInstruction: [dosage(regimen)],
      ...(isReportedOrPlanned ? {} : { dispenseRequest: dispense(regimen, authored) }),
    },
    visit,
  );
  if (isReportedOrPlanned || status !== 'active') return;
  const { quantity: amount } = dispense(regimen, authored);
  const labels = securityLabels(chart, regimen.for);
  const order = { request, key, authored, medication, labels, visit };
  addDispenses(chart, { ...order, quantity: amount, dosage: dosage(regimen) });
}

/** Returns who reported a medication that was ordered elsewhere: the patient or another doctor. */
const reportedElement = (chart: RecordBuilder, { reported, reportedBy }: RegimenPlan) =>
  reportedBy === undefined
    ? { reportedBoolean: reported === true }
    : { reportedReference: chart.directory.practitioner(reportedBy) };

/** Returns the adherence as reported by the patient (US Core medication adherence extension). */
function adherence({ adherence: taken }: RegimenPlan, asserted: Date): object {
  if (taken === undefined) return {};
  const parts = [
    { url: 'medicationAdherence', valueCodeableConcept: ADHERENCE[taken] },
    { url: 'dateAsserted', valueDateTime: toFhirDateTime(asserted) },
    {
      url: 'informationSource',
      valueCodeableConcept: codeableConcept('snomed', '116154003', 'Patient (person)', 'Patient'),
    },
  ];
  return { extension: [{ url: usCoreExtensionUrl('us-core-medication-adherence'), extension: parts }] };
}

const ADHERENCE = {
  sometimes: codeableConcept('snomed', '275928001', 'Drugs - partial non-compliance (finding)', 'Not taken every time'),
} as const;

const inHospital = (visit: ScheduledVisit | undefined): boolean => visit?.plan.kind === 'hospital';

const stopReason = (regimen: RegimenPlan) => ({
  statusReason:
    regimen.endReason?.startsWith('Side effect') === true
      ? { coding: [coding('requestStatusReason', 'sintol', 'Suspected intolerance')], text: regimen.endReason }
      : { text: regimen.endReason ?? 'No longer needed' },
});

function dosage({ drug, dosage: sig }: RegimenPlan) {
  const [code, unit] = doseUnit(drug);
  const [frequency, period, periodUnit] = sig.timing;
  const route = medicineRoute(drug);
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

function dispense(regimen: RegimenPlan, authored: Date) {
  const [code, unit] = doseUnit(regimen.drug);
  const days = regimen.quantity === undefined ? 90 : supplyDays(regimen.dosage, regimen.quantity);
  const amount = regimen.quantity ?? Math.round(dosesPerDay(regimen.dosage) * regimen.dosage.dose * 90);
  return {
    validityPeriod: { start: toFhirDate(authored), end: toFhirDate(addDays(authored, 365)) },
    numberOfRepeatsAllowed: regimen.quantity === undefined ? 3 : 0,
    quantity: quantity(amount, code, unit),
    expectedSupplyDuration: quantity(days, 'd', 'days'),
  };
}

const PER_DAY = { h: 24, d: 1, wk: 1 / 7 } as const;
const dosesPerDay = ({ timing: [frequency, period, unit] }: DosagePlan): number => (frequency * PER_DAY[unit]) / period;
const supplyDays = (sig: DosagePlan, amount: number): number =>
  Math.max(1, Math.round(amount / (dosesPerDay(sig) * sig.dose)));
