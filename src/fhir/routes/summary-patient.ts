import { type EnforceContext, requireType } from '../core/context.ts';
import { enforceSearch } from '../core/enforce.ts';
import { parseJson } from '../core/json.ts';
import type { Resource } from '../core/resource.ts';
import { type Pair, readSearch } from '../core/search-request.ts';
import { invalid } from '../core/search-value.ts';
import { type FoundMatch, type FoundRow, findFirst } from '../store/search.ts';
import { contentOf } from './content.ts';
import type { FhirDeps } from './deps.ts';
import { notFound } from './read.ts';

/** One call of `$summary`. */
export interface SummaryCall {
  readonly deps: FhirDeps;
  readonly context: EnforceContext;
  /** Of the patient; undefined: of the one that the token is for, or who is named by a parameter. */
  readonly id: string | undefined;
  readonly pairs: readonly Pair[];
  readonly strict: boolean;
}

/** A row and what it says, as it is shown. */
export interface Read extends FoundRow {
  readonly resource: Resource;
}

export const readRow = (row: FoundMatch | FoundRow, { base }: EnforceContext): Read => ({
  ...row,
  resource: parseJson(contentOf(row, base)) as Resource,
});

/** The parameters that say whose summary it is. */
export const WHOSE = ['identifier', 'patient', 'subject'];
const PATIENT = 'Patient';

export const NEWEST = { key: { kind: 'main' }, descending: true } as const;

/** Whose summary it is: by the id in the address, by an identifier, or the patient that the access token is for. */
export async function findPatient(call: SummaryCall): Promise<Read> {
  const { deps, context, id, pairs } = call;
  const served = requireType(context, PATIENT);
  const { query } = enforceSearch(context, served, () => {
    const request = readSearch(whose(call), { ...context, served }, false);
    return { ...request, conditions: [...request.conditions, { kind: 'in-use' }] };
  });
  const slice = { sort: NEWEST, limit: MOST_PATIENTS, offset: 0, counted: false };
  const { rows } = await findFirst(deps.db, query, slice);
  if (new Set(rows.map((row) => row.id)).size > 1)
    throw invalid('More than one patient has this identifier. Ask by the id: Patient/{id}/$summary.');
  const byId = id !== undefined || !pairs.some(([name]) => name === 'identifier');
  if (rows.length === 0) throw notFound(`${PATIENT} with this ${byId ? 'id' : 'identifier'}`);
  // Of several practices' that of the record in context, which the client means; otherwise always the same one.
  const own = rows.find((row) => row.home === context.grant.record?.recordId);
  const row = own ?? [...rows].sort((a, b) => a.home - b.home)[0];
  if (row === undefined) throw notFound(`${PATIENT} with this id`);
  return readRow(row, context);
}

/** Practices that may have the same patient. */
const MOST_PATIENTS = 50;

function whose({ context, id, pairs }: SummaryCall): readonly Pair[] {
  const asked = pairs.filter(([name, value]) => WHOSE.includes(name) && !/^[\s,|]*$/.test(value));
  if (id !== undefined) return [...asked, ['_id', id.replaceAll(',', '\\,')]];
  if (asked.length > 0) return asked;
  const own = context.grant.record?.patientId;
  if (own !== undefined) return [['_id', own]];
  throw invalid(
    'This access token is for no single patient. Say whose summary it is: Patient/{id}/$summary, or Patient/$summary?identifier={system}|{value}.',
  );
}
