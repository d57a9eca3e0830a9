import { isUuid, Problem, type RecordId } from '../../../kernel/index.ts';
import { enforceRead } from '../../authorization/enforce.ts';
import type { EnforcementContext } from '../../authorization/enforcement-context.ts';
import type { FhirVersion, HistoryEntry, ServedType } from '../../model/fhir-version.ts';
import { DEFAULT_COUNT, MAX_COUNT } from '../../search/common-parameters.ts';
import { type ElementSubset, readSubsetParameters } from '../../search/element-subset.ts';
import { FORMAT_PARAMETERS, type QueryParameter } from '../../search/search-request.ts';
import { invalidSearch, parseDate } from '../../search/values/search-value.ts';
import { requestedContent } from '../../store/query/resource-content.ts';
import { listVersions, type ResourceVersionRow, readVersion } from '../../store/query/version-history.ts';
import type { FhirDeps, FhirResponse } from '../deps.ts';
import { type ConditionalHeaders, isNotModified } from '../request/conditional.ts';
import { gone, notFound, notModified } from './read.ts';

interface VersionRequest {
  readonly id: string;
  readonly version: string;
  readonly conditionalHeaders: ConditionalHeaders;
  readonly pairs: readonly QueryParameter[];
}

/**
 * Reads one version of a resource (FHIR R4 §3.1.0.3, vread).
 * @throws Problem 404 if the version doesn't exist or isn't allowed, 410 if the version is a deletion
 */
export async function handleVersionRead(
  deps: FhirDeps,
  context: EnforcementContext,
  served: ServedType,
  { id, version, conditionalHeaders, pairs }: VersionRequest,
): Promise<FhirResponse> {
  const subset = readSubsetParameters(pairs);
  const query = enforceRead(context, served, id);
  const row =
    /^[1-9]\d{0,8}$/.test(version) && isUuid(id) ? await readVersion(deps.db, query, Number(version)) : undefined;
  if (row === undefined) throw notFound(`${served.name} with this id and version`);
  if (row.deleted) throw gone();
  const headers = { etag: `W/"${row.version}"`, 'last-modified': row.last_updated.toUTCString() };
  const disclosure = disclosureFields(served, [row]);
  const current = { etag: headers.etag, changed: row.last_updated, now: context.now };
  if (subset === undefined && isNotModified(conditionalHeaders, current))
    return notModified(headers, disclosure.detail);
  return { body: requestedContent(row, context, subset), headers, ...disclosure };
}

interface HistoryRequest {
  readonly id: string;
  readonly pairs: readonly QueryParameter[];
  /** Whether parameters that the server would ignore are rejected. */
  readonly strict: boolean;
  /** Prints the history Bundle in the FHIR version of the API. */
  readonly history: NonNullable<FhirVersion['history']>;
}

/**
 * Parameters of a history request. `_before` is our own and appears in links: the page ends before the version with
 * that number.
 */
const HISTORY_PARAMETERS = ['_count', '_since', '_before', '_summary', '_elements'];

/**
 * Lists the versions of one resource, newest first, with `_count` and `_since` (FHIR R4 §3.1.0.12, history). `_summary`
 * and `_elements` reduce the content of each version (§3.1.0.1.8).
 * @throws Problem 404
 */
export async function handleHistory(
  deps: FhirDeps,
  context: EnforcementContext,
  served: ServedType,
  { id, pairs, strict, history }: HistoryRequest,
): Promise<FhirResponse> {
  const query = enforceRead(context, served, id);
  const unknown = pairs.find(([name]) => ![...HISTORY_PARAMETERS, ...FORMAT_PARAMETERS].includes(name));
  if (strict && unknown !== undefined) throw notOffered(unknown[0]);
  const subset = readSubsetParameters(pairs);
  const { count, since, before } = readSlice(pairs, context.now);
  const found = isUuid(id) ? await listVersions(deps.db, query, { limit: count + 1, since, before }) : [];
  if (found.length === 0 && since === undefined && before === undefined) throw notFound(`${served.name} with this id`);
  const rows = found.slice(0, count);
  const url = `${context.base}/${served.name}/${id}/_history`;
  const ownPairs = [
    ...(since === undefined ? [] : [['_since', since.toISOString()] as const]),
    ['_count', String(count)] as const,
    ...pairs.filter(([name]) => name === '_summary' || name === '_elements'),
  ];
  const link = (more: readonly QueryParameter[]) =>
    `${url}?${[...ownPairs, ...more].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')}`;
  const last = rows.at(-1);
  const next = found.length > count && last !== undefined ? link([['_before', String(last.version)]]) : undefined;
  const self = link(before === undefined ? [] : [['_before', String(before)]]);
  const entries = rows.map((row) => toHistoryEntry(row, context, subset));
  return { body: history({ base: context.base, self, next, entries }), ...disclosureFields(served, rows) };
}

const disclosureFields = (served: ServedType, rows: readonly ResourceVersionRow[]) => ({
  resources: rows.filter(({ deleted }) => !deleted).length,
  records: new Map(
    served.compartment === 'record' && rows[0] !== undefined
      ? [[rows[0].home as RecordId, rows.filter(({ deleted }) => !deleted).length] as const]
      : [],
  ),
  detail: { id: rows[0]?.id, versions: rows.map(({ version }) => version) },
});

interface HistorySlice {
  readonly count: number;
  readonly since: Date | undefined;
  readonly before: number | undefined;
}

function readSlice(pairs: readonly QueryParameter[], now: Date): HistorySlice {
  const firstValues = new Map([...pairs].reverse());
  return {
    count: Math.min(wholeNumber('_count', firstValues.get('_count')) ?? DEFAULT_COUNT, MAX_COUNT),
    since: firstValues.has('_since')
      ? new Date(parseDate('_since', firstValues.get('_since') ?? '', now).low)
      : undefined,
    before: wholeNumber('_before', firstValues.get('_before')),
  };
}

function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw invalidSearch(`The parameter ${name} expects a whole number such as 50.`);
  return Number(text);
}

const toHistoryEntry = (
  row: ResourceVersionRow,
  context: EnforcementContext,
  subset: ElementSubset | undefined,
): HistoryEntry => ({
  type: row.type,
  id: row.id,
  version: row.version,
  first: row.first,
  deleted: row.deleted,
  lastUpdated: row.last_updated,
  content: row.deleted ? '' : requestedContent(row, context, subset),
});

const notOffered = (name: string) =>
  new Problem('parameter-unknown', {
    status: 400,
    message: `This server does not support ${name.slice(0, 64)} on a history. Supported: _count, _since, _summary and _elements. Without "Prefer: handling=strict" it is ignored.`,
  });
