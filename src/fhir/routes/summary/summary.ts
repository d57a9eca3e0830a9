import { Problem, type RecordId, systemRandom } from '../../../kernel/index.ts';
import { enforceIncluded } from '../../authorization/enforce.ts';
import type { EnforcementContext } from '../../authorization/enforcement-context.ts';
import { idIn, type ReferenceValue, type RowCondition } from '../../model/condition.ts';
import type { SummaryBuilder, SummarySearch, SummarySearchResult } from '../../model/summary.ts';
import { FORMAT_PARAMETERS } from '../../search/search-request.ts';
import { invalidSearch } from '../../search/values/search-value.ts';
import { getStoredCompartment } from '../../store/index/index-definitions.ts';
import { findAllMatches, findFirstPage, type ResourceRow } from '../../store/query/search.ts';
import type { FhirResponse } from '../deps.ts';
import type { OperationCall } from '../operation-call.ts';
import {
  findSummaryPatient,
  NEWEST_FIRST,
  PATIENT_PARAMETERS,
  type SummaryRow,
  toSummaryRow,
} from './summary-patient.ts';

/**
 * Parameters that name the profile of the requested summary. A request that names a profile other than those of the
 * IPS guide is rejected.
 */
const PROFILE_PARAMETERS = ['profile', '_profile'];
const KNOWN_PARAMETERS = [...PATIENT_PARAMETERS, ...PROFILE_PARAMETERS];
/**
 * Parameters that the server rejects. STU 1 of the IPS guide had `graph`. It would change the result, so it must not be
 * ignored.
 */
const UNSUPPORTED_PARAMETERS = ['graph'];

/** Maximum number of reference levels that a summary follows. */
const MAX_DEPTH = 3;
/** Maximum number of resources in a summary that are only there because another resource refers to them. */
const MAX_REFERENCED = 300;

/**
 * Handles the IPS operation `$summary`: returns a summary of one patient's record as a document. Each section is
 * searched with a query of its own under the grant. Resources that the grant does not allow are missing, and the
 * document does not reveal that.
 */
export async function handleSummary(call: OperationCall): Promise<FhirResponse> {
  const { deps, context } = call;
  const { random = systemRandom } = deps;
  const { summary } = deps.version;
  if (summary === undefined) throw new Error('the version has no summary');
  requireSupported(call, summary);
  const patient = await findSummaryPatient(call);
  const sectionRows: SummarySectionRows[] = [];
  // Searches run one after another, so a summary uses no more of the database at a time than a search.
  for (const search of summary.searches()) sectionRows.push(await searchSection(call, patient, search));
  const sections = summary.selectSections(
    sectionRows.map(({ search, rows, hasMore }) => ({ search, hasMore, resources: rows.map((row) => row.resource) })),
    context.now,
  );
  const rowOf = new Map(sectionRows.flatMap(({ rows }) => rows.map((row) => [row.resource, row] as const)));
  const included = sections.flatMap(({ resources }) => resources).flatMap((resource) => rowOf.get(resource) ?? []);
  const others = await findReferenced(call, summary, patient, included);
  const body = summary.document({
    base: context.base,
    now: context.now,
    uuid: () => random.uuid(),
    patient: patient.resource,
    sections,
    others: others.map(({ resource }) => resource),
  });
  const rows = distinct([patient, ...included, ...others]);
  const parameters = [...new Set(call.pairs.map(([name]) => name))].filter((name) => KNOWN_PARAMETERS.includes(name));
  return {
    body,
    resources: rows.length,
    ...disclosureCounts(rows, patient.home as RecordId, context),
    detail: { operation: 'summary', id: patient.id, parameters },
  };
}

/**
 * Counts the disclosed resources of the patient record, in total and by type. Directory resources belong to no patient
 * record and are not counted here.
 */
function disclosureCounts(
  rows: readonly SummaryRow[],
  recordId: RecordId,
  context: EnforcementContext,
): Pick<FhirResponse, 'records' | 'byType'> {
  const own = rows.filter(({ type }) => getStoredCompartment(type) === 'record');
  const byType = [...Map.groupBy(own, ({ type }) => type)].map(([type, { length }]) => ({
    recordId,
    type: findStoredType(context, type)?.name ?? type,
    resources: length,
  }));
  return { records: new Map([[recordId, own.length]]), byType };
}

const rowKey = ({ type, id }: Pick<ResourceRow, 'type' | 'id'>): string => `${type}/${id.toLowerCase()}`;

const distinct = (rows: readonly SummaryRow[]): readonly SummaryRow[] => [
  ...new Map(rows.map((row) => [rowKey(row), row])).values(),
];

/**
 * Rejects parameters that would change the result in a way that the server doesn't support. With `Prefer:
 * handling=strict`, it rejects other unknown parameters too.
 */
function requireSupported({ pairs, strict }: OperationCall, { profiles }: SummaryBuilder): void {
  for (const [name, value] of pairs) {
    if (PROFILE_PARAMETERS.includes(name) && value !== '' && !profiles.includes(value))
      throw invalidSearch(
        `This server supports the profile ${profiles[0]} only. Leave the parameter ${name} out, or send this profile.`,
      );
    if (UNSUPPORTED_PARAMETERS.includes(name))
      throw invalidSearch(`This server does not support the parameter ${name} of $summary. Leave it out.`);
    if (strict && ![...KNOWN_PARAMETERS, ...FORMAT_PARAMETERS].includes(name))
      throw new Problem('parameter-unknown', {
        status: 400,
        message: `Unknown parameter ${name.slice(0, 80)}. $summary supports identifier and profile.`,
      });
  }
}

interface SummarySectionRows extends Omit<SummarySearchResult, 'resources'> {
  readonly rows: readonly SummaryRow[];
}

/**
 * Runs one search of a summary section: finds resources in the patient's record that the grant allows, newest first.
 */
async function searchSection(
  { deps, context }: OperationCall,
  patient: SummaryRow,
  search: SummarySearch,
): Promise<SummarySectionRows> {
  const query = createQuery(context, patient, search.type, search.conditions);
  if (query === undefined) return { search, rows: [], hasMore: false };
  const slice = { sort: NEWEST_FIRST, limit: search.limit, offset: 0, counted: false };
  const { rows, more } = await findFirstPage(deps.db, query, slice);
  return { search, hasMore: more, rows: rows.map((row) => toSummaryRow(row, context)) };
}

/**
 * Builds the query for a resource type in the patient's record or directory under the grant. Returns undefined if the
 * grant does not allow the type.
 */
function createQuery(
  context: EnforcementContext,
  { home }: SummaryRow,
  type: string,
  conditions: readonly RowCondition[],
) {
  const served = findStoredType(context, type);
  return served && enforceIncluded(context, served, { kind: 'records', values: [home] }, conditions);
}

const findStoredType = ({ version }: EnforcementContext, type: string) =>
  version.types.find(({ stored }) => stored === type);

/** Finds the resources that the included resources refer to, with one query for each type and level. */
async function findReferenced(
  call: OperationCall,
  summary: SummaryBuilder,
  patient: SummaryRow,
  included: readonly SummaryRow[],
): Promise<readonly SummaryRow[]> {
  const seen = new Set([patient, ...included].map(rowKey));
  const referenced: SummaryRow[] = [];
  let latest: readonly SummaryRow[] = [patient, ...included];
  for (let round = 0; round < MAX_DEPTH && latest.length > 0; round++) {
    const references = latest.flatMap(({ resource }) => summary.getReferences(resource));
    const unseen = [...new Map(references.map((one) => [referenceKey(one), one])).values()].filter(
      (one) => !seen.has(referenceKey(one)),
    );
    for (const one of unseen) seen.add(referenceKey(one));
    const found = await findByReference(
      call,
      patient,
      unseen.slice(0, Math.max(0, MAX_REFERENCED - referenced.length)),
    );
    latest = found.filter(({ resource }) => !summary.isEnteredInError(resource));
    referenced.push(...latest);
  }
  return referenced;
}

const referenceKey = ({ type = '', id }: ReferenceValue): string => rowKey({ type, id });

async function findByReference(
  { deps, context }: OperationCall,
  patient: SummaryRow,
  references: readonly ReferenceValue[],
): Promise<readonly SummaryRow[]> {
  const byType = Map.groupBy(references, ({ type = '' }) => type);
  const found: ResourceRow[] = [];
  for (const [type, ofType] of byType) {
    const query = createQuery(context, patient, type, [idIn(ofType.map(({ id }) => id))]);
    if (query !== undefined) found.push(...(await findAllMatches(deps.db, query)));
  }
  return found.map((row) => toSummaryRow(row, context));
}
