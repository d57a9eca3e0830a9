import { codeableConcept, coding, profileMeta, type SandboxConcept } from '../../../codes/coding.ts';
import type { SandboxReference } from '../../../directory/directory.ts';
import { addMinutes, toFhirDateTime, yearsBetween } from '../../../scenarios/calendar.ts';
import type { RecordBuilder, ScheduledVisit } from '../../record-builder.ts';

const BLOOD = codeableConcept('snomed', '119297000', 'Blood specimen (specimen)', 'Blood');
const LABORATORY = { coding: [coding('reportSection', 'LAB', 'Laboratory')], text: 'Laboratory' };

/** Adds the specimen of a visit: one sample for all tests. */
export function addSpecimen(chart: RecordBuilder, visit: ScheduledVisit, condition?: SandboxConcept): SandboxReference {
  const drawn = addMinutes(visit.start, 12);
  const number = `S-${toFhirDateTime(drawn).slice(0, 16).replaceAll(/\D/g, '')}${condition === undefined ? '' : '-2'}`;
  return chart.add(
    'Specimen',
    `${condition === undefined ? 'blood' : 'spoiled blood'} ${visit.key}`,
    {
      meta: profileMeta('us-core-specimen'),
      identifier: [{ system: 'https://sandbox.example.org/specimen', value: number }],
      accessionIdentifier: { system: 'https://sandbox.example.org/accession', value: number.replace('S', 'A') },
      status: condition === undefined ? 'available' : 'unsatisfactory',
      type: BLOOD,
      subject: chart.subject,
      receivedTime: toFhirDateTime(received(chart, visit)),
      collection: {
        collector: chart.directory.practitioner(visit.plan.by),
        collectedDateTime: toFhirDateTime(drawn),
        bodySite: codeableConcept('snomed', '368208006', 'Left upper arm structure (body structure)', 'Left arm'),
      },
      ...(condition === undefined ? {} : { condition: [condition] }),
    },
    visit,
  );
}

const received = (chart: RecordBuilder, visit: ScheduledVisit): Date =>
  earliest(addMinutes(visit.start, 4 * 60), chart, visit);

const earliest = (moment: Date, chart: RecordBuilder, visit: ScheduledVisit): Date =>
  yearsBetween(moment, chart.scenario.epoch) < 0 ? visit.end : moment;

/** Adds the DiagnosticReport for the results of one panel. */
export function addLaboratoryReport(
  chart: RecordBuilder,
  visit: ScheduledVisit,
  key: string,
  {
    code,
    specimen,
    result,
  }: {
    readonly code: SandboxConcept;
    readonly specimen: SandboxReference;
    readonly result: readonly SandboxReference[];
  },
): void {
  const laboratory = chart.directory.organization('laboratory');
  chart.add(
    'DiagnosticReport',
    `report ${key} ${visit.key}`,
    {
      meta: profileMeta('us-core-diagnosticreport-lab'),
      status: 'final',
      category: [LABORATORY],
      code,
      subject: chart.subject,
      encounter: visit.encounter,
      effectiveDateTime: toFhirDateTime(addMinutes(visit.start, 12)),
      issued: toFhirDateTime(earliest(addMinutes(visit.start, 15 * 60), chart, visit)),
      performer: [laboratory, chart.directory.practitioner(visit.plan.by)],
      resultsInterpreter: [chart.directory.practitioner(visit.plan.by)],
      specimen: [specimen],
      result,
    },
    visit,
  );
}
