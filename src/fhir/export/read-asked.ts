import { isUuid } from '../../kernel/index.ts';
import { EXPORT_PARAMETERS } from '../core/export-operations.ts';
import { modestPairs } from '../core/search-limits.ts';
import { FORMATS, type Pair } from '../core/search-request.ts';
import { invalid } from '../core/search-value.ts';
import { spanOfDate } from '../core/span.ts';
import type { FhirVersion } from '../core/version.ts';
import type { ExportAsked, TypeFilter } from './asked.ts';

/** Bulk Data 2.0, kick-off: the three names of the only output format. */
const NDJSON = ['application/fhir+ndjson', 'application/ndjson', 'ndjson'];
/** Each filter becomes part of every query of the job. */
const MOST_FILTERS = 100;
const MOST_PATIENTS = 10_000;

export interface HowAsked {
  readonly version: FhirVersion;
  readonly base: string;
  /** `Prefer: handling=lenient`: unsupported parts of the request are ignored. */
  readonly lenient: boolean;
  readonly byPost: boolean;
  /** Bulk Data 2.0, kick-off: an export of the whole server doesn't take patients. */
  readonly ofServer: boolean;
}

type Reader = (values: readonly string[], context: HowAsked) => Partial<ExportAsked>;

const READERS: Readonly<Record<string, Reader>> = {
  _outputFormat: (values, { lenient }) => {
    const other = values.find((value) => !NDJSON.includes(value.replace(' ', '+')));
    if (other === undefined || lenient) return {};
    throw invalid(`Exports are NDJSON: _outputFormat is ${NDJSON.join(', ')}, or left out.`);
  },
  _since: (values) => ({ since: instantOf(values) }),
  _type: (values, context) => ({ types: typesOf(values, context) }),
  _typeFilter: (values, context) => ({
    filters: values.flatMap(splitFilters).flatMap((text) => filterOf(text, context)),
  }),
  _elements: (values) => ({ elements: listed(values) }),
  patient: (values, context) => ({ patients: patientsOf(values, context) }),
  includeAssociatedData: (_values, { lenient }) => {
    if (lenient) return {};
    throw invalid(
      'includeAssociatedData is not supported: Provenance is a type like the others, and versions are asked for one by one.',
    );
  },
};

/**
 * Bulk Data 2.0, kick-off: reads the query parameters. Unknown parameters are rejected, or ignored with
 * `handling=lenient`.
 * @returns the export request, and the names of the parameters that were applied
 * @throws Problem 400
 */
export function readAsked(
  pairs: readonly Pair[],
  context: HowAsked,
): { readonly asked: ExportAsked; readonly names: readonly string[] } {
  const byName = Map.groupBy(
    pairs.filter(([name, value]) => value !== '' && !FORMATS.includes(name)),
    ([name]) => name,
  );
  let request: ExportAsked = { types: undefined, filters: [], elements: [], since: undefined, patients: undefined };
  const names: string[] = [];
  for (const [name, own] of byName) {
    const reader = Object.hasOwn(READERS, name) ? READERS[name] : undefined;
    if (reader === undefined) {
      if (context.lenient) continue;
      throw invalid(
        `Exports do not have this parameter: they have ${EXPORT_PARAMETERS.map((one) => one.name).join(', ')}.`,
      );
    }
    const values = own.map(([, value]) => value);
    request = { ...request, ...reader(values, context) };
    names.push(name);
  }
  return { asked: { ...request, filters: filtersWithin(request, context) }, names };
}

const listed = (values: readonly string[]): readonly string[] => [
  ...new Set(values.flatMap((value) => value.split(',')).filter((one) => one !== '')),
];

function instantOf([value = '', ...others]: readonly string[]): string {
  // An unescaped plus sign in a URL arrives as a space.
  const span = others.length === 0 ? spanOfDate(value.replace(' ', '+')) : undefined;
  if (span === undefined) throw invalid('The parameter _since expects one instant such as 2024-05-17T09:30:00Z.');
  return new Date(span.low).toISOString();
}

function typesOf(values: readonly string[], { version, lenient }: HowAsked): readonly string[] {
  const named = listed(values);
  const known = named.filter((name) => version.types.some((type) => type.name === name));
  if (known.length === 0 || (known.length < named.length && !lenient)) {
    throw invalid(
      `The parameter _type names a type that exports do not have. /metadata lists the types that they have.`,
    );
  }
  return known;
}

/** A comma separates searches only if a type name and a question mark follow. Any other comma is part of a value. */
const splitFilters = (value: string): readonly string[] => value.split(/,(?=[A-Z][A-Za-z]*(?:\?|%3F))/i);

/** Some clients percent-encode each search and then the whole parameter. */
const unescapedOnce = (text: string): string =>
  /^[A-Za-z]+%3F/i.test(text) && !text.includes('?')
    ? decodeURIComponent(text.replaceAll(/%(?![0-9A-F]{2})/gi, '%25'))
    : text;

function filterOf(text: string, { version, lenient }: HowAsked): readonly TypeFilter[] {
  const [, type = '', query = ''] = /^([A-Z][A-Za-z]*)\?(.+)$/s.exec(unescapedOnce(text)) ?? [];
  if (version.types.some(({ name }) => name === type)) {
    modestPairs([...new URLSearchParams(query)]);
    return [{ type, query }];
  }
  if (lenient) return [];
  throw invalid('The parameter _typeFilter expects searches such as Observation?category=laboratory.');
}

function filtersWithin({ types, filters }: ExportAsked, { lenient }: HowAsked): readonly TypeFilter[] {
  const within = filters.filter(({ type }) => types?.includes(type) ?? true);
  if (within.length < filters.length && !lenient)
    throw invalid('The parameter _typeFilter searches a type that _type does not name.');
  if (within.length > MOST_FILTERS) throw invalid(`An export takes at most ${MOST_FILTERS} searches in _typeFilter.`);
  return within;
}

function patientsOf(
  values: readonly string[],
  { base, byPost, lenient, ofServer }: HowAsked,
): readonly string[] | undefined {
  if (ofServer) {
    if (lenient) return undefined;
    throw invalid('An export of the whole server takes no parameter patient: use Patient/$export.');
  }
  if (!byPost) {
    if (lenient) return undefined;
    throw invalid('The parameter patient is taken by POST, in a Parameters resource or a form.');
  }
  const ids = listed(values).map((text) => text.replace(`${base}/`, '').replace(/^Patient\//, ''));
  if (ids.length > MOST_PATIENTS) throw invalid(`An export names at most ${MOST_PATIENTS} patients: make a group.`);
  if (!ids.every(isUuid))
    throw invalid('The parameter patient expects references such as Patient/{id} of this server.');
  return ids.map((id) => id.toLowerCase());
}
