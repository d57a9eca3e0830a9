import { addMinutes, timeText } from '../calendar.ts';
import type { Chart, Visit } from '../chart.ts';
import { conceptOf, profiled, usCoreExtension } from '../codes/coding.ts';
import { writePdf } from '../pdf.ts';
import { fullName } from '../persona.ts';
import { contentOf, originalOf } from './document.ts';
import { recordFinding } from './observation.ts';

const WILL = conceptOf('loinc', '86533-7', 'Patient Living will', 'Living will');
const DIRECTIVES = conceptOf('loinc', '42348-3', 'Advance healthcare directives');

/**
 * A living will that the patient brought to the latest checkup, and an Observation that it exists. US Core 8: advance
 * directive information.
 */
export function recordAdvanceDirective(chart: Chart, visits: readonly Visit[]): void {
  const visit = visits.findLast(({ plan }) => plan.kind === 'checkup');
  if (visit === undefined || chart.life.persona.livingWill !== true) return;
  const signed = addMinutes(visit.start, 20);
  const doctor = chart.directory.practitioner(visit.plan.by);
  const text = `# Living will\n${fullName(chart.life.persona)}\n\nIf I can’t speak for myself and will not wake up again, I do not want a feeding tube or a breathing machine.\nI want treatment of pain, even if it shortens my life.\n\nThis is made-up sandbox data about a person who does not exist.`;
  const document = chart.add(
    'DocumentReference',
    'living will',
    {
      meta: profiled('us-core-adi-documentreference'),
      extension: [{ url: usCoreExtension('us-core-authentication-time'), valueDateTime: timeText(signed) }],
      identifier: [originalOf(chart, 'living will')],
      status: 'current',
      docStatus: 'final',
      type: WILL,
      category: [DIRECTIVES],
      subject: chart.subject,
      date: timeText(visit.end),
      author: [chart.subject, doctor],
      authenticator: doctor,
      custodian: chart.directory.organization('practice'),
      description: WILL.text,
      content: [contentOf(writePdf(text, WILL.text), 'application/pdf', WILL.text, timeText(signed))],
    },
    visit,
  );
  recordFinding(chart, visit, 'advance directive', {
    profile: 'us-core-observation-adi-documentation',
    category: 'observation-adi-documentation',
    code: conceptOf('loinc', '45473-6', 'Advance healthcare directive completed', 'Has a living will'),
    minute: 20,
    found: {
      extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/workflow-supportingInfo', valueReference: document }],
      valueCodeableConcept: conceptOf('snomed', '373066001', 'Yes (qualifier value)', 'Yes'),
    },
  });
}
