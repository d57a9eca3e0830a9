import { profileMeta, type SandboxConcept } from '../../../codes/coding.ts';
import type { SandboxReference } from '../../../directory/directory.ts';
import { addMinutes, toFhirDateTime } from '../../../scenarios/calendar.ts';
import type { RecordBuilder, ScheduledVisit } from '../../record-builder.ts';

export interface QuestionnaireAnswer {
  readonly question: SandboxConcept;
  readonly answer: SandboxConcept | number;
}

interface QuestionnaireForm {
  readonly key: string;
  readonly title: string;
  readonly loinc: string;
  /**
   * True if an interviewer filled in the form. The items then have no group. By default the patient filled in the form,
   * and the items are in one group.
   */
  readonly byInterviewer?: boolean;
}

const US_CORE = 'http://hl7.org/fhir/us/core/StructureDefinition';

/** Adds a completed questionnaire with one item for each question of LOINC's panel. */
export function addResponse(
  chart: RecordBuilder,
  visit: ScheduledVisit,
  { key, title, loinc, byInterviewer = false }: QuestionnaireForm,
  answers: readonly QuestionnaireAnswer[],
): SandboxReference {
  return chart.add(
    'QuestionnaireResponse',
    `${key} ${visit.key}`,
    {
      meta: profileMeta('us-core-questionnaireresponse'),
      identifier: {
        system: 'https://sandbox.example.org/form',
        value: `${loinc}-${toFhirDateTime(visit.start).slice(0, 10)}`,
      },
      questionnaire: `https://sandbox.example.org/Questionnaire/${key}`,
      _questionnaire: {
        extension: [
          { url: 'http://hl7.org/fhir/StructureDefinition/display', valueString: title },
          { url: `${US_CORE}/us-core-extension-questionnaire-uri`, valueUri: `https://loinc.org/${loinc}` },
        ],
      },
      status: 'completed',
      subject: chart.subject,
      encounter: visit.encounter,
      authored: toFhirDateTime(addMinutes(visit.start, 8)),
      author: byInterviewer ? chart.directory.practitioner(visit.plan.by) : chart.subject,
      source: chart.subject,
      item: byInterviewer
        ? answers.map(toItem)
        : [FILLED_BY, { linkId: 'form', text: title, item: answers.map(toItem) }],
    },
    visit,
  );
}

/**
 * Item that says who filled in the form, with a remark. The remark is an item below the answer, so that apps can test
 * such nested items.
 */
const FILLED_BY = {
  linkId: 'by',
  text: 'Filled in by',
  answer: [
    {
      valueString: 'The patient',
      item: [{ linkId: 'by/how', text: 'How', answer: [{ valueString: 'On paper, in the waiting room' }] }],
    },
  ],
};

const toItem = ({ question, answer }: QuestionnaireAnswer) => ({
  linkId: `/${question.coding[0]?.code ?? question.text.toLowerCase().replaceAll(' ', '-')}`,
  text: question.text,
  answer: [typeof answer === 'number' ? { valueDecimal: answer } : { valueCoding: answer.coding[0] }],
});
