import { elementsAt } from '../../../fhir/index.ts';
import { isObject } from '../../../kernel/index.ts';
import { formatNumber } from '../../values/decimal.ts';
import { joinList, type ResourceReader, toText } from '../resource-reader.ts';
import { formatReferences, referenceName } from '../resource-titles.ts';
import { formatStatus, type RecordEntryText } from './entry.ts';

/** Limits of the displayed questions and answers, because a questionnaire may have any size. */
const MAX_QUESTIONS = 300;
const MAX_DEPTH = 12;

/** Describes a QuestionnaireResponse: each question with its answers, in the order of the form. */
export function describeQuestionnaire(resource: unknown, reader: ResourceReader): RecordEntryText {
  const { messages, dateAt, text } = reader;
  const { labels } = messages;
  const status = elementsAt(resource, 'status')[0] === 'completed' ? undefined : formatStatus(resource, reader);
  return {
    title: text(resource, '_questionnaire.extension.valueString') ?? messages.questionnaire,
    date: dateAt(resource, 'authored'),
    facts: [
      [labels.status, status],
      [labels.answeredBy, formatReferences(resource, 'source', reader) ?? formatReferences(resource, 'author', reader)],
      ...formatQuestions(resource, resource, reader, 0).slice(0, MAX_QUESTIONS),
    ],
  };
}

function formatQuestions(
  resource: unknown,
  node: unknown,
  reader: ResourceReader,
  depth: number,
): RecordEntryText['facts'] {
  if (depth > MAX_DEPTH) return [];
  return elementsAt(node, 'item').flatMap((item) => {
    const answers = elementsAt(item, 'answer');
    const question = reader.text(item, 'text', 'linkId') ?? reader.messages.notNamed;
    const answerTexts = joinList(answers.map((answer) => formatAnswer(resource, answer, reader)));
    const ownFact: RecordEntryText['facts'] = answerTexts === undefined ? [] : [[question, answerTexts]];
    const inner = [item, ...answers].flatMap((part) => formatQuestions(resource, part, reader, depth + 1));
    return [...ownFact, ...inner];
  });
}

/** Formats an answer, QuestionnaireResponse.item.answer.value[x]. */
function formatAnswer(resource: unknown, answer: unknown, reader: ResourceReader): string | undefined {
  if (!isObject(answer)) return undefined;
  const { messages, date, quantity } = reader;
  const { valueBoolean, valueCoding, valueReference } = answer;
  if (typeof valueBoolean === 'boolean') return valueBoolean ? messages.chart.yes : messages.chart.no;
  const { valueDecimal, valueInteger, valueDate, valueDateTime, valueTime, valueString, valueUri } = answer;
  return (
    formatNumber(valueDecimal ?? valueInteger) ??
    quantity(answer['valueQuantity']) ??
    (valueCoding === undefined ? undefined : reader.concept(valueCoding)) ??
    date(valueDate ?? valueDateTime) ??
    toText(valueTime ?? valueString ?? valueUri) ??
    (valueReference === undefined ? undefined : referenceName(resource, valueReference, reader)) ??
    reader.text(answer, 'valueAttachment.title')
  );
}
