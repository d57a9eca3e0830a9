import { stringify } from 'csv-stringify/sync';
import { elementsAt, hasOtherFocus, isEnteredInError, parseJson, requireRecordAccess } from '../../fhir/index.ts';
import { createYielder, isObject } from '../../kernel/index.ts';
import { toIsoDate, toIsoTime } from '../date-format.ts';
import type { PatientPortalDeps } from '../deps.ts';
import type { PatientPortalContext } from '../portal-context.ts';
import { formatStatus } from '../record/entries/entry.ts';
import { formatInterpretations } from '../record/interpretation.ts';
import { observationSection } from '../record/observation.ts';
import { formatNormalRanges, formatRange } from '../record/ranges.ts';
import { createResourceReader, type ResourceReader, toText } from '../record/resource-reader.ts';
import { readAllOfType } from '../record/section-rows.ts';
import { sentNumber } from '../values/decimal.ts';
import { formatUnit } from '../values/units.ts';
import { escapeFormula } from './csv-cells.ts';

/** One row of the file, in the order of its columns. */
interface ResultRow {
  readonly date: string;
  readonly time: string;
  readonly panel: string;
  readonly test: string;
  readonly value: string;
  readonly unit: string;
  readonly range: string;
  readonly flag: string;
  readonly status: string;
  readonly code: string;
  readonly system: string;
}

/**
 * Streams the laboratory results as CSV (RFC 4180), newest first. A result with components, such as a blood count, has
 * one row for each. What was entered in error is left out. The file starts with a byte order mark, without which Excel
 * doesn't read UTF-8. Numbers are as exact as in the record.
 * @throws Error if the account loses access while it reads, because an incomplete file must not look complete
 */
export async function* streamResultsCsv(
  deps: PatientPortalDeps,
  context: PatientPortalContext,
): AsyncGenerator<string> {
  const { messages, accountRecord } = context;
  const reader = createResourceReader(context, messages.patientRecord);
  const panels = await loadPanelNames(deps, context, reader);
  const yieldWhenDue = createYielder();
  yield `\ufeff${toCsv([Object.values(messages.recordDownloads.csv)])}`;
  for await (const rows of readAllOfType(deps.db, accountRecord, 'Observation')) {
    const results: (readonly string[])[] = [];
    for (const { id, content } of rows) {
      await yieldWhenDue();
      const resource = parseJson(content);
      if (observationSection(resource) !== 'results' || isEnteredInError(resource)) continue;
      const own = toResultRows(resource, { context, reader, panel: panels.get(id) ?? '' });
      results.push(...own.map((row) => Object.values(row)));
    }
    if (results.length > 0) yield toCsv(results);
  }
  await requireRecordAccess(deps.db, accountRecord);
}

const toCsv = (rows: readonly (readonly string[])[]): string =>
  stringify(
    rows.map((cells) => cells.map(escapeFormula)),
    { record_delimiter: 'windows' },
  );

/** Path of the references to the single results of a report or panel, by type. */
const MEMBER_PATHS = { DiagnosticReport: 'result.reference', Observation: 'hasMember.reference' } as const;

/**
 * Returns the name of the panel of each result, by the result's id: the report that it belongs to, or the Observation
 * that groups it.
 */
async function loadPanelNames(
  { db }: PatientPortalDeps,
  { accountRecord }: PatientPortalContext,
  reader: ResourceReader,
): Promise<ReadonlyMap<string, string>> {
  const panels = new Map<string, string>();
  const yieldWhenDue = createYielder();
  for (const [type, path] of Object.entries(MEMBER_PATHS)) {
    const element = `"${path.split('.', 1)[0]}"`;
    for await (const rows of readAllOfType(db, accountRecord, type)) {
      for (const { content } of rows) {
        // Most Observations have no members, and needn't be parsed to see that.
        if (!content.includes(element)) continue;
        await yieldWhenDue();
        const resource = parseJson(content);
        const name = reader.concepts(resource, 'code');
        if (name === undefined || isEnteredInError(resource)) continue;
        for (const reference of elementsAt(resource, path)) {
          const id = typeof reference === 'string' ? (reference.split('/')[1] ?? '') : '';
          if (!panels.has(id)) panels.set(id, name);
        }
      }
    }
  }
  return panels;
}

interface RowSetting {
  readonly context: PatientPortalContext;
  readonly reader: ResourceReader;
  readonly panel: string;
}

function toResultRows(resource: unknown, { context, reader, panel }: RowSetting): readonly ResultRow[] {
  const { messages, concepts } = reader;
  const name = concepts(resource, 'code') ?? messages.notNamed;
  const test = hasOtherFocus(resource) ? messages.aboutAnother(name, reader.texts(resource, 'focus.display')) : name;
  const own = { ...readResult(resource, reader), test };
  const components = elementsAt(resource, 'component').map((component) => ({
    ...readResult(component, reader),
    test: concepts(component, 'code') ?? messages.notNamed,
    panel: test,
  }));
  const groupsOthers = components.length > 0 || elementsAt(resource, 'hasMember').length > 0;
  const found = [...(own.value === '' && groupsOthers ? [] : [{ ...own, panel }]), ...components];
  const { date, time } = formatWhen(resource, context);
  const status = formatStatus(resource, reader) ?? '';
  return found.map(({ test: tested, panel: within, value, unit, range, flag, code, system }) => ({
    date,
    time,
    panel: within,
    test: tested,
    value,
    unit,
    range,
    flag,
    status,
    code,
    system,
  }));
}

/** Reads an Observation or one of its components, which have the same elements for the result. */
function readResult(node: unknown, reader: ResourceReader) {
  const codings = elementsAt(node, 'code.coding').filter(isObject);
  const coding = codings.find(({ system }) => system === 'http://loinc.org') ?? codings[0];
  const [quantity] = elementsAt(node, 'valueQuantity');
  return {
    value: formatValue(node, reader) ?? '',
    unit: reader.text(quantity, 'unit', 'code') ?? '',
    range: formatReferenceRange(node, reader) ?? '',
    flag: formatInterpretations(node, reader) ?? '',
    code: toText(coding?.['code']) ?? '',
    system: toText(coding?.['system']) ?? '',
  };
}

/**
 * Formats Observation.value[x] as one cell. The unit of a quantity is in a column of its own, so that the value can be
 * calculated with. Without a value, the cell has the reason if the record has one.
 */
function formatValue(node: unknown, reader: ResourceReader): string | undefined {
  if (!isObject(node)) return undefined;
  const { messages, concepts, quantity, text } = reader;
  const { valueQuantity, valueBoolean, valueInteger, valueRange } = node;
  if (isObject(valueQuantity)) {
    const number = sentNumber(valueQuantity['value']);
    if (number !== undefined) return `${toText(valueQuantity['comparator']) ?? ''}${number}`;
  }
  if (typeof valueBoolean === 'boolean') return valueBoolean ? messages.chart.yes : messages.chart.no;
  const ratio = ['numerator', 'denominator'].map((part) => quantity(elementsAt(node, `valueRatio.${part}`)[0]));
  return (
    sentNumber(valueInteger) ??
    concepts(node, 'valueCodeableConcept') ??
    text(node, 'valueString', 'valueDateTime', 'valueTime') ??
    formatRange(valueRange, reader) ??
    (ratio.includes(undefined) ? undefined : ratio.join(' : ')) ??
    concepts(node, 'dataAbsentReason')
  );
}

/** Formats the normal ranges. They have no units if they are that of the value, which has a column of its own. */
function formatReferenceRange(node: unknown, reader: ResourceReader): string | undefined {
  const unitOf = (quantity: unknown) => formatUnit(quantity, reader.messages.values.units);
  const unit = unitOf(elementsAt(node, 'valueQuantity')[0]);
  return formatNormalRanges(node, reader, (end) =>
    isObject(end) && [unit, ''].includes(unitOf(end)) ? { value: end['value'] } : end,
  );
}

const DATE_PATHS = ['effectiveDateTime', 'effectivePeriod.start', 'effectiveInstant', 'issued'];

/** Formats date and time for spreadsheets, in the practice's time zone. A date without a time stays as it is. */
function formatWhen(
  resource: unknown,
  { record }: PatientPortalContext,
): { readonly date: string; readonly time: string } {
  const found = DATE_PATHS.flatMap((path) => elementsAt(resource, path)).find((value) => typeof value === 'string');
  const text = toText(found) ?? '';
  const at = new Date(text);
  if (!text.includes('T') || Number.isNaN(at.getTime())) return { date: text, time: '' };
  return { date: toIsoDate(at, record.timeZone), time: toIsoTime(at, record.timeZone) };
}
