import { codeableConcept, profileMeta, usCoreExtensionUrl } from '../../../codes/coding.ts';
import { addMinutes, toFhirDateTime } from '../../../scenarios/calendar.ts';
import { fullName } from '../../../scenarios/persona.ts';
import type { RecordBuilder, ScheduledVisit } from '../../record-builder.ts';
import { writePdf } from '../../write-pdf.ts';
import { addObservation } from '../observations/observation.ts';
import { documentContent, originalNote } from './document.ts';

const WILL = codeableConcept('loinc', '86533-7', 'Patient Living will', 'Living will');
const DIRECTIVES = codeableConcept('loinc', '42348-3', 'Advance healthcare directives');

/**
 * A living will that the patient brought to the latest checkup, and an Observation that it exists. US Core 8: advance
 * directive information.
 */
export function addAdvanceDirective(chart: RecordBuilder, visits: readonly ScheduledVisit[]): void {
  const visit = visits.findLast(({ plan }) => plan.kind === 'checkup');
  if (visit === undefined || chart.scenario.persona.livingWill !== true) return;
  const signed = addMinutes(visit.start, 20);
  const doctor = chart.directory.practitioner(visit.plan.by);
  const text = `# Living will\n${fullName(chart.scenario.persona)}\n\nIf I can’t speak for myself and will not wake up again, I do not want a feeding tube or a breathing machine.\nI want treatment of pain, even if it shortens my life.\n\nThis is made-up sandbox data about a person who does not exist.`;
  const document = chart.add(
    'DocumentReference',
    'living will',
    {
      meta: profileMeta('us-core-adi-documentreference'),
      extension: [{ url: usCoreExtensionUrl('us-core-authentication-time'), valueDateTime: toFhirDateTime(signed) }],
      identifier: [originalNote(chart, 'living will')],
      status: 'current',
      docStatus: 'final',
      type: WILL,
      category: [DIRECTIVES],
      subject: chart.subject,
      date: toFhirDateTime(visit.end),
      author: [chart.subject, doctor],
      authenticator: doctor,
      custodian: chart.directory.organization('practice'),
      description: WILL.text,
      content: [documentContent(writePdf(text, WILL.text), 'application/pdf', WILL.text, toFhirDateTime(signed))],
    },
    visit,
  );
  addObservation(chart, visit, 'advance directive', {
    profile: 'us-core-observation-adi-documentation',
    category: 'observation-adi-documentation',
    code: codeableConcept('loinc', '45473-6', 'Advance healthcare directive completed', 'Has a living will'),
    minute: 20,
    elements: {
      extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/workflow-supportingInfo', valueReference: document }],
      valueCodeableConcept: codeableConcept('snomed', '373066001', 'Yes (qualifier value)', 'Yes'),
    },
  });
}
