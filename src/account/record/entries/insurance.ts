import { elementsAt } from '../../../fhir/index.ts';
import { memberNumberIn } from '../member-numbers.ts';
import { referred } from '../titles.ts';
import { conceptText, listed, type Reader } from '../values.ts';
import { type EntryText, statusOf } from './entry.ts';

export function coverage(resource: unknown, reader: Reader): EntryText {
  const { words: messages, concepts, dateAt, text } = reader;
  const { labels } = messages;
  const payor = referred(resource, 'payor', reader);
  return {
    title: payor ?? planOf(resource, reader) ?? concepts(resource, 'type'),
    when: dateAt(resource, 'period.start') ?? '',
    facts: [
      [labels.status, statusOf(resource, reader)],
      [labels.kind, concepts(resource, 'type')],
      [labels.plan, payor === undefined ? undefined : planOf(resource, reader)],
      [labels.group, classOf(resource, 'group', reader)],
      [labels.memberNumber, text(memberNumberIn(resource), 'value')],
      [labels.subscriberNumber, text(resource, 'subscriberId')],
      [labels.subscriber, referred(resource, 'subscriber', reader)],
      [labels.relation, relationOf(resource, reader)],
      [labels.valid, validity(resource, reader)],
      ...copaysOf(resource, reader),
    ],
  };
}

export const planOf = (resource: unknown, reader: Reader): string | undefined => classOf(resource, 'plan', reader);

function classOf(resource: unknown, code: string, { text }: Reader): string | undefined {
  const found = elementsAt(resource, 'class').find((one) => elementsAt(one, 'type.coding.code').includes(code));
  return text(found, 'name', 'value');
}

/** A period without an end is shown as open-ended. */
function validity(resource: unknown, { dateAt, span, words: messages }: Reader): string | undefined {
  const [start, end] = [dateAt(resource, 'period.start'), dateAt(resource, 'period.end')];
  if (start !== undefined && end === undefined) return messages.chart.above(start);
  return start === undefined && end !== undefined ? messages.chart.below(end) : span(resource, 'period');
}

const relationOf = (resource: unknown, { coded, concepts, words: messages }: Reader): string | undefined =>
  coded(resource, 'relationship.coding.code', messages.relations) ?? concepts(resource, 'relationship');

function copaysOf(resource: unknown, { concepts, money, quantity, words: messages }: Reader): EntryText['facts'] {
  return elementsAt(resource, 'costToBeneficiary')
    .slice(0, 20)
    .map((cost) => [
      concepts(cost, 'type') ?? messages.labels.copay,
      money(elementsAt(cost, 'valueMoney')[0]) ?? quantity(elementsAt(cost, 'valueQuantity')[0]),
    ]);
}

/** ExplanationOfBenefit: services billed to the insurance, and who pays how much. */
export function bill(resource: unknown, reader: Reader): EntryText {
  const { words: messages, concepts, dateAt, span, texts, money, coded } = reader;
  const { labels } = messages;
  const provider = referred(resource, 'provider', reader);
  const use = elementsAt(resource, 'use').includes('claim') ? undefined : coded(resource, 'use', messages.billUses);
  return {
    title: provider ?? concepts(resource, 'type') ?? messages.bill,
    when: dateAt(resource, 'billablePeriod.start', 'billablePeriod.end', 'created'),
    facts: [
      ['', use],
      [labels.date, span(resource, 'billablePeriod')],
      [labels.kind, provider === undefined ? undefined : concepts(resource, 'type')],
      [labels.status, statusOf(resource, reader)],
      [labels.services, listed(elementsAt(resource, 'item.productOrService').map(conceptText))],
      [labels.insurer, referred(resource, 'insurer', reader)],
      ...totalsOf(resource, reader),
      [labels.paid, money(elementsAt(resource, 'payment.amount')[0])],
      [labels.paidOn, dateAt(resource, 'payment.date')],
      [labels.says, reader.long(resource, 'disposition')],
      [labels.note, texts(resource, 'processNote.text')],
    ],
  };
}

/** One fact for each total, labeled with its category. */
function totalsOf(resource: unknown, { coded, money, words: messages }: Reader): EntryText['facts'] {
  return elementsAt(resource, 'total')
    .slice(0, 20)
    .map((total) => {
      const [category] = elementsAt(total, 'category');
      const code = coded(category, 'coding.code', messages.totals);
      const known = code !== undefined && Object.values(messages.totals).includes(code) ? code : undefined;
      return [known ?? conceptText(category) ?? messages.labels.amount, money(elementsAt(total, 'amount')[0])];
    });
}
