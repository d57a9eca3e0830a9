import { isUuid } from '../../kernel/index.ts';
import { EXPORT_PARAMETERS } from '../model/export-operations.ts';
import type { FhirVersion } from '../model/fhir-version.ts';
import { parseDateRange } from '../model/time-range.ts';
import { limitParameters } from '../search/search-limits.ts';
import { FORMAT_PARAMETERS, type QueryParameter } from '../search/search-request.ts';
import { invalidSearch } from '../search/values/search-value.ts';
import type { ExportRequest, TypeFilter } from './export-request.ts';

/** Names of the only output format, NDJSON (Bulk Data 2.0, kick-off). */
const NDJSON = ['application/fhir+ndjson', 'application/ndjson', 'ndjson'];
/** Maximum number of searches in `_typeFilter`. Each becomes part of every query of the export. */
const MAX_FILTERS = 100;
const MAX_PATIENTS = 10_000;

export interface ExportRequestContext {
  readonly version: FhirVersion;
  readonly base: string;
  /** Whether the request has `Prefer: handling=lenient`, so that unsupported parts of it are ignored. */
  readonly lenient: boolean;
  readonly byPost: boolean;
  /** Whether the whole server is exported. Bulk Data 2.0, kick-off: such a request can't name patients. */
  readonly ofServer: boolean;
}

type ExportParameterReader = (values: readonly string[], context: ExportRequestContext) => Partial<ExportRequest>;

const READERS: Readonly<Record<string, ExportParameterReader>> = {
  _outputFormat: (values, { lenient }) => {
    const other = values.find((value) => !NDJSON.includes(value.replace(' ', '+')));
    if (other === undefined || lenient) return {};
    throw invalidSearch(`Exports are NDJSON. Leave out _outputFormat, or send ${NDJSON.join(', ')}.`);
  },
  _since: (values) => ({ since: readInstant(values) }),
  _type: (values, context) => ({ types: readTypes(values, context) }),
  _typeFilter: (values, context) => ({
    filters: values.flatMap(splitFilters).flatMap((text) => readFilters(text, context)),
  }),
  _elements: (values) => ({ elements: splitList(values) }),
  patient: (values, context) => ({ patients: readPatients(values, context) }),
  includeAssociatedData: (_values, { lenient }) => {
    if (lenient) return {};
    throw invalidSearch(
      'includeAssociatedData is not supported. Export Provenance as a type, and read versions one by one.',
    );
  },
};

/**
 * Reads the parameters of a kick-off request (Bulk Data 2.0). Unknown parameters are rejected, or ignored with
 * `handling=lenient`.
 * @returns the export request, and the names of the parameters that were applied
 * @throws Problem 400
 */
export function readExportRequest(
  pairs: readonly QueryParameter[],
  context: ExportRequestContext,
): { readonly exportRequest: ExportRequest; readonly names: readonly string[] } {
  const byName = Map.groupBy(
    pairs.filter(([name, value]) => value !== '' && !FORMAT_PARAMETERS.includes(name)),
    ([name]) => name,
  );
  let request: ExportRequest = { types: undefined, filters: [], elements: [], since: undefined, patients: undefined };
  const names: string[] = [];
  for (const [name, own] of byName) {
    const reader = Object.hasOwn(READERS, name) ? READERS[name] : undefined;
    if (reader === undefined) {
      if (context.lenient) continue;
      throw invalidSearch(
        `Unsupported export parameter. Exports support ${EXPORT_PARAMETERS.map((one) => one.name).join(', ')}.`,
      );
    }
    const values = own.map(([, value]) => value);
    request = { ...request, ...reader(values, context) };
    names.push(name);
  }
  return { exportRequest: { ...request, filters: applicableFilters(request, context) }, names };
}

const splitList = (values: readonly string[]): readonly string[] => [
  ...new Set(values.flatMap((value) => value.split(',')).filter((one) => one !== '')),
];

function readInstant([value = '', ...others]: readonly string[]): string {
  // In a URL, an unescaped plus sign of a time zone arrives as a space, which is read as a plus sign.
  const span = others.length === 0 ? parseDateRange(value.replace(' ', '+')) : undefined;
  if (span === undefined) throw invalidSearch('The parameter _since expects one instant such as 2024-05-17T09:30:00Z.');
  return new Date(span.low).toISOString();
}

function readTypes(values: readonly string[], { version, lenient }: ExportRequestContext): readonly string[] {
  const named = splitList(values);
  const known = named.filter((name) => version.types.some((type) => type.name === name));
  if (known.length === 0 || (known.length < named.length && !lenient)) {
    throw invalidSearch(
      'The parameter _type names a type that exports don’t support. /metadata lists the supported types.',
    );
  }
  return known;
}

/**
 * Splits the searches of `_typeFilter`. A comma separates two searches only if a type name and a question mark follow.
 * Any other comma is part of a value.
 */
const splitFilters = (value: string): readonly string[] => value.split(/,(?=[A-Z][A-Za-z]*(?:\?|%3F))/i);

/**
 * Removes one level of percent-encoding from a search in `_typeFilter`. Some clients encode each search and then the
 * whole parameter.
 */
const unescapeOnce = (text: string): string =>
  /^[A-Za-z]+%3F/i.test(text) && !text.includes('?')
    ? decodeURIComponent(text.replaceAll(/%(?![0-9A-F]{2})/gi, '%25'))
    : text;

function readFilters(text: string, { version, lenient }: ExportRequestContext): readonly TypeFilter[] {
  const [, type = '', query = ''] = /^([A-Z][A-Za-z]*)\?(.+)$/s.exec(unescapeOnce(text)) ?? [];
  if (version.types.some(({ name }) => name === type)) {
    limitParameters([...new URLSearchParams(query)]);
    return [{ type, query }];
  }
  if (lenient) return [];
  throw invalidSearch('The parameter _typeFilter expects searches such as Observation?category=laboratory.');
}

function applicableFilters(
  { types, filters }: ExportRequest,
  { lenient }: ExportRequestContext,
): readonly TypeFilter[] {
  const within = filters.filter(({ type }) => types?.includes(type) ?? true);
  if (within.length < filters.length && !lenient)
    throw invalidSearch('The parameter _typeFilter searches a type that is not in _type.');
  if (within.length > MAX_FILTERS)
    throw invalidSearch(`An export accepts at most ${MAX_FILTERS} searches in _typeFilter.`);
  return within;
}

function readPatients(
  values: readonly string[],
  { base, byPost, lenient, ofServer }: ExportRequestContext,
): readonly string[] | undefined {
  if (ofServer) {
    if (lenient) return undefined;
    throw invalidSearch('A system-level export does not accept patient. Use Patient/$export.');
  }
  if (!byPost) {
    if (lenient) return undefined;
    throw invalidSearch('Send the patient parameter by POST, in a Parameters resource or a form.');
  }
  const ids = splitList(values).map((text) => text.replace(`${base}/`, '').replace(/^Patient\//, ''));
  if (ids.length > MAX_PATIENTS)
    throw invalidSearch(`An export can name at most ${MAX_PATIENTS} patients. Use a group instead.`);
  if (!ids.every(isUuid))
    throw invalidSearch('The parameter patient expects references such as Patient/{id} of this server.');
  return ids.map((id) => id.toLowerCase());
}
