import { addMinutes, timeText } from '../calendar.ts';
import type { Chart, Visit } from '../chart.ts';
import { type Concept, profiled } from '../codes/coding.ts';
import type { Reference } from '../directory/directory.ts';

export interface Answered {
  readonly question: Concept;
  readonly answer: Concept | number;
}

interface Form {
  readonly key: string;
  readonly title: string;
  readonly loinc: string;
  /** Filled in by the interviewer, without groups; by default the patient fills it in, in one group. */
  readonly asked?: boolean;
}

const US_CORE = 'http://hl7.org/fhir/us/core/StructureDefinition';

/** A completed questionnaire: LOINC's panel, question by question. */
export function recordResponse(
  chart: Chart,
  visit: Visit,
  { key, title, loinc, asked: byInterviewer = false }: Form,
  answers: readonly Answered[],
): Reference {
  return chart.add(
    'QuestionnaireResponse',
    `${key} ${visit.key}`,
    {
      meta: profiled('us-core-questionnaireresponse'),
      identifier: {
        system: 'https://sandbox.example.org/form',
        value: `${loinc}-${timeText(visit.start).slice(0, 10)}`,
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
      authored: timeText(addMinutes(visit.start, 8)),
      author: byInterviewer ? chart.directory.practitioner(visit.plan.by) : chart.subject,
      source: chart.subject,
      item: byInterviewer
        ? answers.map(itemOf)
        : [FILLED_BY, { linkId: 'form', text: title, item: answers.map(itemOf) }],
    },
    visit,
  );
}

/** The person who filled it in, with a remark. Tests nested items below an answer. */
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

const itemOf = ({ question, answer }: Answered) => ({
  linkId: `/${question.coding[0]?.code ?? question.text.toLowerCase().replaceAll(' ', '-')}`,
  text: question.text,
  answer: [typeof answer === 'number' ? { valueDecimal: answer } : { valueCoding: answer.coding[0] }],
});
