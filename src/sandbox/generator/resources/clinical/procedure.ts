import { codeableConcept, profileMeta } from '../../../codes/coding.ts';
import { device, gtin } from '../../../codes/devices.ts';
import { procedureConcept } from '../../../codes/procedures.ts';
import { addDays, addMinutes, atHour, toFhirDate, toFhirDateTime } from '../../../scenarios/calendar.ts';
import type { ProcedurePlan } from '../../../scenarios/scenario.ts';
import type { RecordBuilder, ScheduledVisit } from '../../record-builder.ts';
import { orderReason } from './condition.ts';
import { addNote } from './document.ts';

/** Adds the procedures of a scenario, and the ServiceRequests that order them. */
export function addProcedures(chart: RecordBuilder, visits: readonly ScheduledVisit[]): void {
  chart.scenario.procedures.forEach((plan, index) => {
    const visit = visits.find(({ ago }) => Math.abs(ago - plan.at) < 0.02);
    const start = visit === undefined ? atHour(chart.dateAt(plan.at), 9.5) : addMinutes(visit.start, 30);
    const order = addOrder(chart, plan, visits, start, index);
    const code = procedureConcept(plan.procedure);
    const end = addMinutes(start, plan.minutes ?? 45);
    chart.add(
      'Procedure',
      `${plan.procedure} ${index}`,
      {
        meta: profileMeta('us-core-procedure'),
        basedOn: [order],
        status: 'completed',
        code,
        subject: chart.subject,
        ...(visit === undefined ? {} : { encounter: visit.encounter }),
        ...(plan.minutes === undefined
          ? { performedDateTime: toFhirDateTime(start) }
          : { performedPeriod: { start: toFhirDateTime(start), end: toFhirDateTime(end) } }),
        performer: [{ actor: chart.directory.practitioner(plan.by) }],
        ...orderReason(chart, plan.for),
      },
      visit,
    );
    if (plan.note === undefined) return;
    const type = plan.minutes === undefined ? 'procedure' : 'operation';
    const note = { key: `procedure ${plan.procedure} ${index}`, title: code.text, text: plan.note, by: plan.by };
    addNote(chart, { ...note, type, start, end }, visit);
  });
}

function addOrder(
  chart: RecordBuilder,
  plan: ProcedurePlan,
  visits: readonly ScheduledVisit[],
  start: Date,
  index: number,
) {
  const authored = addDays(start, -10);
  const ordered = visits.findLast((visit) => visit.start <= authored);
  return chart.add('ServiceRequest', `order ${plan.procedure} ${index}`, {
    meta: profileMeta('us-core-servicerequest'),
    status: 'completed',
    intent: 'order',
    category: [codeableConcept('snomed', '387713003', 'Surgical procedure (procedure)', 'Procedure')],
    code: procedureConcept(plan.procedure),
    subject: chart.subject,
    ...(ordered === undefined ? {} : { encounter: ordered.encounter }),
    occurrencePeriod: { start: toFhirDate(start), end: toFhirDate(start) },
    authoredOn: toFhirDateTime(authored),
    requester: chart.directory.practitioner(chart.scenario.persona.doctor),
    performer: [chart.directory.practitioner(plan.by)],
    ...orderReason(chart, plan.for),
  });
}

/** Implanted devices with their UDI: GS1 application identifiers 01, 11, 17, 10 and 21. */
export function addDevices(chart: RecordBuilder): void {
  chart.scenario.devices.forEach((plan, index) => {
    const { type, name, item } = device(plan.device);
    const manufactured = addDays(chart.dateAt(plan.at), -200);
    const expires = addDays(manufactured, 5 * 365);
    const lot = `L${toFhirDate(manufactured).slice(2, 7).replace('-', '')}`;
    const serial = String(70_000 + index * 37 + chart.scenario.persona.family.length);
    chart.add('Device', `device ${plan.device}`, {
      meta: profileMeta('us-core-implantable-device'),
      udiCarrier: [
        {
          deviceIdentifier: gtin(item),
          issuer: 'http://hl7.org/fhir/NamingSystem/gs1-di',
          jurisdiction: 'http://hl7.org/fhir/NamingSystem/fda-udi',
          carrierHRF: `(01)${gtin(item)}(11)${udiDate(manufactured)}(17)${udiDate(expires)}(10)${lot}(21)${serial}`,
          entryType: 'manual',
        },
      ],
      status: 'active',
      distinctIdentifier: `D-${serial}`,
      manufacturer: 'Sandbox Devices',
      manufactureDate: toFhirDate(manufactured),
      expirationDate: toFhirDate(expires),
      lotNumber: lot,
      serialNumber: serial,
      deviceName: [{ name, type: 'user-friendly-name' }],
      type,
      patient: chart.subject,
    });
  });
}

const udiDate = (day: Date): string => toFhirDate(day).slice(2).replaceAll('-', '');
