import { elementsAt } from '../../../fhir/index.ts';
import { findMemberNumber } from '../../values/identifiers.ts';
import { joinList, type ResourceReader } from '../resource-reader.ts';
import { formatReferences } from '../resource-titles.ts';
import { formatStatus, type RecordEntryText } from './entry.ts';

export function describeCoverage(resource: unknown, reader: ResourceReader): RecordEntryText {
  const { messages, concepts, dateAt, text } = reader;
  const { labels } = messages;
  const payor = formatReferences(resource, 'payor', reader);
  return {
    title: payor ?? formatPlan(resource, reader) ?? concepts(resource, 'type'),
    date: dateAt(resource, 'period.start') ?? '',
    facts: [
      [labels.status, formatStatus(resource, reader)],
      [labels.kind, concepts(resource, 'type')],
      [labels.plan, payor === undefined ? undefined : formatPlan(resource, reader)],
      [labels.group, findClass(resource, 'group', reader)],
      [labels.memberNumber, findMemberNumber(resource)],
      [labels.subscriberNumber, text(resource, 'subscriberId')],
      [labels.subscriber, formatReferences(resource, 'subscriber', reader)],
      [labels.relation, formatRelationship(resource, reader)],
      [labels.valid, formatValidity(resource, reader)],
      ...formatCopays(resource, reader),
    ],
  };
}

export const formatPlan = (resource: unknown, reader: ResourceReader): string | undefined =>
  findClass(resource, 'plan', reader);

function findClass(resource: unknown, code: string, { text }: ResourceReader): string | undefined {
  const found = elementsAt(resource, 'class').find((one) => elementsAt(one, 'type.coding.code').includes(code));
  return text(found, 'name', 'value');
}

/** Formats the period in which insurance is valid. A period without an end is shown as open-ended. */
function formatValidity(resource: unknown, { dateAt, period, messages }: ResourceReader): string | undefined {
  const [start, end] = [dateAt(resource, 'period.start'), dateAt(resource, 'period.end')];
  if (start !== undefined && end === undefined) return messages.chart.above(start);
  return start === undefined && end !== undefined ? messages.chart.below(end) : period(resource, 'period');
}

const formatRelationship = (resource: unknown, { codeLabel, concepts, messages }: ResourceReader): string | undefined =>
  codeLabel(resource, 'relationship.coding.code', messages.relations) ?? concepts(resource, 'relationship');

function formatCopays(
  resource: unknown,
  { concepts, money, quantity, messages }: ResourceReader,
): RecordEntryText['facts'] {
  return elementsAt(resource, 'costToBeneficiary')
    .slice(0, 20)
    .map((cost) => [
      concepts(cost, 'type') ?? messages.labels.copay,
      money(elementsAt(cost, 'valueMoney')[0]) ?? quantity(elementsAt(cost, 'valueQuantity')[0]),
    ]);
}

/** Describes an ExplanationOfBenefit: services billed to the insurance, and who pays how much. */
export function describeBill(resource: unknown, reader: ResourceReader): RecordEntryText {
  const { messages, concepts, dateAt, period, texts, money, codeLabel } = reader;
  const { labels } = messages;
  const provider = formatReferences(resource, 'provider', reader);
  const use = elementsAt(resource, 'use').includes('claim') ? undefined : codeLabel(resource, 'use', messages.billUses);
  return {
    title: provider ?? concepts(resource, 'type') ?? messages.bill,
    date: dateAt(resource, 'billablePeriod.start', 'billablePeriod.end', 'created'),
    facts: [
      ['', use],
      [labels.date, period(resource, 'billablePeriod')],
      [labels.kind, provider === undefined ? undefined : concepts(resource, 'type')],
      [labels.status, formatStatus(resource, reader)],
      [labels.services, joinList(elementsAt(resource, 'item.productOrService').map(reader.concept))],
      [labels.insurer, formatReferences(resource, 'insurer', reader)],
      ...formatTotals(resource, reader),
      [labels.paid, money(elementsAt(resource, 'payment.amount')[0])],
      [labels.paidOn, dateAt(resource, 'payment.date')],
      [labels.says, reader.longText(resource, 'disposition')],
      [labels.note, texts(resource, 'processNote.text')],
    ],
  };
}

/** Returns one amount for each total of the bill, labeled with the category of the total. */
function formatTotals(
  resource: unknown,
  { codeLabel, concept, money, messages }: ResourceReader,
): RecordEntryText['facts'] {
  return elementsAt(resource, 'total')
    .slice(0, 20)
    .map((total) => {
      const [category] = elementsAt(total, 'category');
      const code = codeLabel(category, 'coding.code', messages.totals);
      const known = code !== undefined && Object.values(messages.totals).includes(code) ? code : undefined;
      return [known ?? concept(category) ?? messages.labels.amount, money(elementsAt(total, 'amount')[0])];
    });
}
