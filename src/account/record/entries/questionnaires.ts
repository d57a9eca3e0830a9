import { elementsAt, isObject } from '../../../fhir/index.ts';
import { referenceName, referred } from '../titles.ts';
import { conceptText, listed, numberText, type Reader, textOf } from '../values.ts';
import { type EntryText, statusOf } from './entry.ts';

/** Limits for forms of unbounded size. */
const MOST = 300;
const DEEPEST = 12;

/** Lists each question with its answers, in the order of the form. */
export function answers(resource: unknown, reader: Reader): EntryText {
  const { words: messages, dateAt, text } = reader;
  const { labels } = messages;
  const status = elementsAt(resource, 'status')[0] === 'completed' ? undefined : statusOf(resource, reader);
  return {
    title: text(resource, '_questionnaire.extension.valueString') ?? messages.questionnaire,
    when: dateAt(resource, 'authored'),
    facts: [
      [labels.status, status],
      [labels.answeredBy, referred(resource, 'source', reader) ?? referred(resource, 'author', reader)],
      ...questionsIn(resource, resource, reader, 0).slice(0, MOST),
    ],
  };
}

function questionsIn(resource: unknown, node: unknown, reader: Reader, depth: number): EntryText['facts'] {
  if (depth > DEEPEST) return [];
  return elementsAt(node, 'item').flatMap((item) => {
    const answers = elementsAt(item, 'answer');
    const question = reader.text(item, 'text', 'linkId') ?? reader.words.notNamed;
    const answerTexts = listed(answers.map((answer) => answerText(resource, answer, reader)));
    const ownFact: EntryText['facts'] = answerTexts === undefined ? [] : [[question, answerTexts]];
    const inner = [item, ...answers].flatMap((part) => questionsIn(resource, part, reader, depth + 1));
    return [...ownFact, ...inner];
  });
}

/** QuestionnaireResponse.item.answer.value[x] */
function answerText(resource: unknown, answer: unknown, reader: Reader): string | undefined {
  if (!isObject(answer)) return undefined;
  const { words: messages, date, quantity } = reader;
  const { valueBoolean, valueCoding, valueReference } = answer;
  if (typeof valueBoolean === 'boolean') return valueBoolean ? messages.chart.yes : messages.chart.no;
  const { valueDecimal, valueInteger, valueDate, valueDateTime, valueTime, valueString, valueUri } = answer;
  return (
    numberText(valueDecimal ?? valueInteger) ??
    quantity(answer['valueQuantity']) ??
    (valueCoding === undefined ? undefined : conceptText(valueCoding)) ??
    date(valueDate ?? valueDateTime) ??
    textOf(valueTime ?? valueString ?? valueUri) ??
    (valueReference === undefined ? undefined : referenceName(resource, valueReference, reader)) ??
    reader.text(answer, 'valueAttachment.title')
  );
}
