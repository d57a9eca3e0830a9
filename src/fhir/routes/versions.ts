import { isUuid, Problem, type RecordId } from '../../kernel/index.ts';
import { DEFAULT_COUNT, MAX_COUNT } from '../core/common-parameters.ts';
import type { EnforceContext } from '../core/context.ts';
import { enforceRead } from '../core/enforce.ts';
import { FORMATS, type Pair } from '../core/search-request.ts';
import { invalid, parseDate } from '../core/search-value.ts';
import { type Subset, subsetOfRead } from '../core/subset.ts';
import type { FhirVersion, HistoryEntry, ServedType } from '../core/version.ts';
import { listVersions, readVersion, type VersionRow } from '../store/history.ts';
import { isKnown, type Known } from './conditional.ts';
import { shownOf } from './content.ts';
import type { Answer, FhirDeps } from './deps.ts';
import { gone, notFound, notModified } from './read.ts';

interface VersionRequest {
  readonly id: string;
  readonly version: string;
  readonly known: Known;
  readonly pairs: readonly Pair[];
}

/**
 * Reads one version of a resource (FHIR R4 §3.1.0.2, vread).
 * @throws Problem 404 if the version doesn't exist or isn't allowed, 410 if it is a deletion
 */
export async function answerVersion(
  deps: FhirDeps,
  context: EnforceContext,
  served: ServedType,
  { id, version, known, pairs }: VersionRequest,
): Promise<Answer> {
  const subset = subsetOfRead(pairs);
  const query = enforceRead(context, served, id);
  const row =
    /^[1-9]\d{0,8}$/.test(version) && isUuid(id) ? await readVersion(deps.db, query, Number(version)) : undefined;
  if (row === undefined) throw notFound(`${served.name} with this id and version`);
  if (row.deleted) throw gone();
  const headers = { etag: `W/"${row.version}"`, 'last-modified': row.last_updated.toUTCString() };
  const disclosure = disclosureFields(served, [row]);
  const current = { etag: headers.etag, changed: row.last_updated, now: context.now };
  if (subset === undefined && isKnown(known, current)) return notModified(headers, disclosure.detail);
  return { body: shownOf(row, context, subset), headers, ...disclosure };
}

interface HistoryRequest {
  readonly id: string;
  readonly pairs: readonly Pair[];
  /** Whether ignored parameters are rejected. */
  readonly strict: boolean;
  /** Prints the history Bundle of the version. */
  readonly history: NonNullable<FhirVersion['history']>;
}

/** Parameters of a history. `_before` is our own: the version that the page ends before, used in links. */
const HISTORY_PARAMETERS = ['_count', '_since', '_before', '_summary', '_elements'];

/**
 * Lists the versions of one resource, newest first, with `_count` and `_since` (FHIR R4 §3.1.0.11). `_summary` and
 * `_elements` reduce each version (§3.1.0.1.8).
 * @throws Problem 404
 */
export async function answerHistory(
  deps: FhirDeps,
  context: EnforceContext,
  served: ServedType,
  { id, pairs, strict, history }: HistoryRequest,
): Promise<Answer> {
  const query = enforceRead(context, served, id);
  const unknown = pairs.find(([name]) => ![...HISTORY_PARAMETERS, ...FORMATS].includes(name));
  if (strict && unknown !== undefined) throw notOffered(unknown[0]);
  const subset = subsetOfRead(pairs);
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
  const link = (more: readonly Pair[]) =>
    `${url}?${[...ownPairs, ...more].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')}`;
  const last = rows.at(-1);
  const next = found.length > count && last !== undefined ? link([['_before', String(last.version)]]) : undefined;
  const self = link(before === undefined ? [] : [['_before', String(before)]]);
  const entries = rows.map((row) => toHistoryEntry(row, context, subset));
  return { body: history({ base: context.base, self, next, entries }), ...disclosureFields(served, rows) };
}

const disclosureFields = (served: ServedType, rows: readonly VersionRow[]) => ({
  resources: rows.filter(({ deleted }) => !deleted).length,
  records: new Map(
    served.home === 'record' && rows[0] !== undefined
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

function readSlice(pairs: readonly Pair[], now: Date): HistorySlice {
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
  if (!/^[1-9]\d{0,8}$/.test(text)) throw invalid(`The parameter ${name} expects a whole number such as 50.`);
  return Number(text);
}

const toHistoryEntry = (row: VersionRow, context: EnforceContext, subset: Subset | undefined): HistoryEntry => ({
  type: row.type,
  id: row.id,
  version: row.version,
  first: row.first,
  deleted: row.deleted,
  lastUpdated: row.last_updated,
  content: row.deleted ? '' : shownOf(row, context, subset),
});

const notOffered = (name: string) =>
  new Problem('parameter-unknown', {
    status: 400,
    message: `This server does not support ${name.slice(0, 64)} on a history. It offers _count, _since, _summary and _elements. Without "Prefer: handling=strict" it would be ignored.`,
  });
