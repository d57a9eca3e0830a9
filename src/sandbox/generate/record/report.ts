import { addMinutes, timeText, yearsBetween } from '../calendar.ts';
import type { Chart, Visit } from '../chart.ts';
import { type Concept, coding, conceptOf, profiled } from '../codes/coding.ts';
import type { Reference } from '../directory/directory.ts';

const BLOOD = conceptOf('snomed', '119297000', 'Blood specimen (specimen)', 'Blood');
const LABORATORY = { coding: [coding('reportSection', 'LAB', 'Laboratory')], text: 'Laboratory' };

/** The specimen of a visit: one sample for all tests. */
export function recordSpecimen(chart: Chart, visit: Visit, condition?: Concept): Reference {
  const drawn = addMinutes(visit.start, 12);
  const number = `S-${timeText(drawn).slice(0, 16).replaceAll(/\D/g, '')}${condition === undefined ? '' : '-2'}`;
  return chart.add(
    'Specimen',
    `${condition === undefined ? 'blood' : 'spoiled blood'} ${visit.key}`,
    {
      meta: profiled('us-core-specimen'),
      identifier: [{ system: 'https://sandbox.example.org/specimen', value: number }],
      accessionIdentifier: { system: 'https://sandbox.example.org/accession', value: number.replace('S', 'A') },
      status: condition === undefined ? 'available' : 'unsatisfactory',
      type: BLOOD,
      subject: chart.subject,
      receivedTime: timeText(received(chart, visit)),
      collection: {
        collector: chart.directory.practitioner(visit.plan.by),
        collectedDateTime: timeText(drawn),
        bodySite: conceptOf('snomed', '368208006', 'Left upper arm structure (body structure)', 'Left arm'),
      },
      ...(condition === undefined ? {} : { condition: [condition] }),
    },
    visit,
  );
}

const received = (chart: Chart, visit: Visit): Date => earliest(addMinutes(visit.start, 4 * 60), chart, visit);

const earliest = (moment: Date, chart: Chart, visit: Visit): Date =>
  yearsBetween(moment, chart.life.epoch) < 0 ? visit.end : moment;

/** The DiagnosticReport for the results of one panel. */
export function recordLaboratoryReport(
  chart: Chart,
  visit: Visit,
  key: string,
  {
    code,
    specimen,
    result,
  }: { readonly code: Concept; readonly specimen: Reference; readonly result: readonly Reference[] },
): void {
  const laboratory = chart.directory.organization('laboratory');
  chart.add(
    'DiagnosticReport',
    `report ${key} ${visit.key}`,
    {
      meta: profiled('us-core-diagnosticreport-lab'),
      status: 'final',
      category: [LABORATORY],
      code,
      subject: chart.subject,
      encounter: visit.encounter,
      effectiveDateTime: timeText(addMinutes(visit.start, 12)),
      issued: timeText(earliest(addMinutes(visit.start, 15 * 60), chart, visit)),
      performer: [laboratory, chart.directory.practitioner(visit.plan.by)],
      resultsInterpreter: [chart.directory.practitioner(visit.plan.by)],
      specimen: [specimen],
      result,
    },
    visit,
  );
}
