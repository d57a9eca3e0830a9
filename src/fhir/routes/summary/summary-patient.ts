import { enforceSearch } from '../../authorization/enforce.ts';
import { type EnforcementContext, requireType } from '../../authorization/enforcement-context.ts';
import { parseJson } from '../../model/json.ts';
import type { Resource } from '../../model/resource.ts';
import { type QueryParameter, readSearch } from '../../search/search-request.ts';
import { invalidSearch } from '../../search/values/search-value.ts';
import { limitToCandidates, mayMatch } from '../../store/query/limit-to-records.ts';
import { visibleContent } from '../../store/query/resource-content.ts';
import { findFirstPage, type ResourceRow, type SearchMatchRow } from '../../store/query/search.ts';
import type { OperationCall } from '../operation-call.ts';
import { notFound } from '../read/read.ts';

/** A stored row with its parsed content, without anything that the client may not see. */
export interface SummaryRow extends ResourceRow {
  readonly resource: Resource;
}

export const toSummaryRow = (row: SearchMatchRow | ResourceRow, { base }: EnforcementContext): SummaryRow => ({
  ...row,
  resource: parseJson(visibleContent(row, base)) as Resource,
});

/** Parameters of `$summary` that identify the patient. */
export const PATIENT_PARAMETERS = ['identifier', 'patient', 'subject'];
const PATIENT = 'Patient';

export const NEWEST_FIRST = { key: { kind: 'main' }, descending: true } as const;

/**
 * Finds the patient of `$summary` by the id in the URL, by an identifier, or as the patient in the launch context.
 * @throws Problem 400 if an identifier matches several patients, 404 if none is found
 */
export async function findSummaryPatient(call: OperationCall): Promise<SummaryRow> {
  const { deps, context, id, pairs } = call;
  const served = requireType(context, PATIENT);
  const { query } = enforceSearch(context, served, () => {
    const request = readSearch(patientPairs(call), { ...context, served }, false);
    return { ...request, conditions: [...request.conditions, { kind: 'in-use' }] };
  });
  const slice = { sort: NEWEST_FIRST, limit: MAX_PATIENT_RECORDS, offset: 0, counted: false };
  const limited = await limitToCandidates(deps.db, query);
  const { rows } = mayMatch(limited) ? await findFirstPage(deps.db, limited, slice) : { rows: [] };
  if (new Set(rows.map((row) => row.id)).size > 1)
    throw invalidSearch('Several patients have this identifier. Use the id: Patient/{id}/$summary.');
  const byId = id !== undefined || !pairs.some(([name]) => name === 'identifier');
  if (rows.length === 0) throw notFound(`${PATIENT} with this ${byId ? 'id' : 'identifier'}`);
  // If several practices have the patient, the record in the launch context is used. Without a launch context, the
  // record with the lowest id is used, so that repeated requests return the same summary.
  const own = rows.find((row) => row.home === context.grant.record?.recordId);
  const row = own ?? [...rows].sort((a, b) => a.home - b.home)[0];
  if (row === undefined) throw notFound(`${PATIENT} with this id`);
  return toSummaryRow(row, context);
}

/**
 * Maximum number of Patients that the search for the patient of `$summary` returns. A patient has one record at each
 * practice.
 */
const MAX_PATIENT_RECORDS = 50;

function patientPairs({ context, id, pairs }: OperationCall): readonly QueryParameter[] {
  const identifying = pairs.filter(([name, value]) => PATIENT_PARAMETERS.includes(name) && !/^[\s,|]*$/.test(value));
  if (id !== undefined) return [...identifying, ['_id', id.replaceAll(',', '\\,')]];
  if (identifying.length > 0) return identifying;
  const own = context.grant.record?.patientId;
  if (own !== undefined) return [['_id', own]];
  throw invalidSearch(
    'This access token is not for a single patient. Name the patient: Patient/{id}/$summary, or Patient/$summary?identifier={system}|{value}.',
  );
}
