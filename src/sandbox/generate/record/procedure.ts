import { addDays, addMinutes, atHour, dateText, timeText } from '../calendar.ts';
import type { Chart, Visit } from '../chart.ts';
import { conceptOf, profiled } from '../codes/coding.ts';
import { device, gtin } from '../codes/devices.ts';
import { procedureConcept } from '../codes/procedures.ts';
import type { ProcedurePlan } from '../life.ts';
import { reasonFor } from './condition.ts';
import { recordNote } from './document.ts';

/** Procedures and the orders for them. */
export function recordProcedures(chart: Chart, visits: readonly Visit[]): void {
  chart.life.procedures.forEach((plan, index) => {
    const visit = visits.find(({ ago }) => Math.abs(ago - plan.at) < 0.02);
    const start = visit === undefined ? atHour(chart.moment(plan.at), 9.5) : addMinutes(visit.start, 30);
    const order = recordOrder(chart, plan, visits, start, index);
    const code = procedureConcept(plan.procedure);
    const end = addMinutes(start, plan.minutes ?? 45);
    chart.add(
      'Procedure',
      `${plan.procedure} ${index}`,
      {
        meta: profiled('us-core-procedure'),
        basedOn: [order],
        status: 'completed',
        code,
        subject: chart.subject,
        ...(visit === undefined ? {} : { encounter: visit.encounter }),
        ...(plan.minutes === undefined
          ? { performedDateTime: timeText(start) }
          : { performedPeriod: { start: timeText(start), end: timeText(end) } }),
        performer: [{ actor: chart.directory.practitioner(plan.by) }],
        ...reasonFor(chart, plan.for),
      },
      visit,
    );
    if (plan.note === undefined) return;
    const type = plan.minutes === undefined ? 'procedure' : 'operation';
    const note = { key: `procedure ${plan.procedure} ${index}`, title: code.text, text: plan.note, by: plan.by };
    recordNote(chart, { ...note, type, start, end }, visit);
  });
}

function recordOrder(chart: Chart, plan: ProcedurePlan, visits: readonly Visit[], start: Date, index: number) {
  const authored = addDays(start, -10);
  const ordered = visits.findLast((visit) => visit.start <= authored);
  return chart.add('ServiceRequest', `order ${plan.procedure} ${index}`, {
    meta: profiled('us-core-servicerequest'),
    status: 'completed',
    intent: 'order',
    category: [conceptOf('snomed', '387713003', 'Surgical procedure (procedure)', 'Procedure')],
    code: procedureConcept(plan.procedure),
    subject: chart.subject,
    ...(ordered === undefined ? {} : { encounter: ordered.encounter }),
    occurrencePeriod: { start: dateText(start), end: dateText(start) },
    authoredOn: timeText(authored),
    requester: chart.directory.practitioner(chart.life.persona.doctor),
    performer: [chart.directory.practitioner(plan.by)],
    ...reasonFor(chart, plan.for),
  });
}

/** Implanted devices with their UDI: GS1 application identifiers 01, 11, 17, 10 and 21. */
export function recordDevices(chart: Chart): void {
  chart.life.devices.forEach((plan, index) => {
    const { type, name, item } = device(plan.device);
    const manufactured = addDays(chart.moment(plan.at), -200);
    const expires = addDays(manufactured, 5 * 365);
    const lot = `L${dateText(manufactured).slice(2, 7).replace('-', '')}`;
    const serial = String(70_000 + index * 37 + chart.life.persona.family.length);
    chart.add('Device', `device ${plan.device}`, {
      meta: profiled('us-core-implantable-device'),
      udiCarrier: [
        {
          deviceIdentifier: gtin(item),
          issuer: 'http://hl7.org/fhir/NamingSystem/gs1-di',
          jurisdiction: 'http://hl7.org/fhir/NamingSystem/fda-udi',
          carrierHRF: `(01)${gtin(item)}(11)${udiDay(manufactured)}(17)${udiDay(expires)}(10)${lot}(21)${serial}`,
          entryType: 'manual',
        },
      ],
      status: 'active',
      distinctIdentifier: `D-${serial}`,
      manufacturer: 'Sandbox Devices',
      manufactureDate: dateText(manufactured),
      expirationDate: dateText(expires),
      lotNumber: lot,
      serialNumber: serial,
      deviceName: [{ name, type: 'user-friendly-name' }],
      type,
      patient: chart.subject,
    });
  });
}

const udiDay = (day: Date): string => dateText(day).slice(2).replaceAll('-', '');
