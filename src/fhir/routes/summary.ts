import { Problem, type RecordId, systemRandom } from '../../kernel/index.ts';
import { type Condition, idCondition, type ReferenceValue } from '../core/condition.ts';
import type { EnforceContext } from '../core/context.ts';
import { enforceIncluded } from '../core/enforce.ts';
import { FORMATS } from '../core/search-request.ts';
import { invalid } from '../core/search-value.ts';
import type { SummaryFound, SummaryMaker, SummarySearch } from '../core/summary.ts';
import { storedHome } from '../store/index-table.ts';
import { type FoundRow, findAll, findFirst } from '../store/search.ts';
import type { Answer } from './deps.ts';
import { findPatient, NEWEST, type Read, readRow, type SummaryCall, WHOSE } from './summary-patient.ts';

/** By what profile it is made. */
const PROFILE = ['profile', '_profile'];
const KNOWN = [...WHOSE, ...PROFILE];
/** STU 1 of the guide had one; what it would change must not be left out of account. */
const REFUSED = ['graph'];

/** References are followed this far, … */
const ROUNDS = 3;
/** … and to no more than these. */
const MOST_BESIDE = 300;

/**
 * IPS, `$summary`: a summary of one patient's record, as a document. Each part of it is searched for by a query of its own
 * that the grant has part in: what it does not allow is not there, and nothing says so.
 */
export async function answerSummary(call: SummaryCall): Promise<Answer> {
  const { deps, context } = call;
  const { random = systemRandom } = deps;
  const { summary } = deps.version;
  if (summary === undefined) throw new Error('the version has no summary');
  requireKnown(call, summary);
  const patient = await findPatient(call);
  const found: FoundSection[] = [];
  // One after the other: a summary takes no more of the database at once than a search does.
  for (const search of summary.searches()) found.push(await findSection(call, patient, search));
  const sections = summary.choose(
    found.map(({ search, rows, more }) => ({ search, more, resources: rows.map((row) => row.resource) })),
    context.now,
  );
  const rowOf = new Map(found.flatMap(({ rows }) => rows.map((row) => [row.resource, row] as const)));
  const told = sections.flatMap(({ resources }) => resources).flatMap((resource) => rowOf.get(resource) ?? []);
  const others = await findBeside(call, summary, patient, told);
  const body = summary.document({
    base: context.base,
    now: context.now,
    uuid: () => random.uuid(),
    patient: patient.resource,
    sections,
    others: others.map(({ resource }) => resource),
  });
  const rows = distinct([patient, ...told, ...others]);
  const parameters = [...new Set(call.pairs.map(([name]) => name))].filter((name) => KNOWN.includes(name));
  return {
    body,
    resources: rows.length,
    ...countsOf(rows, patient.home as RecordId, context),
    detail: { operation: 'summary', id: patient.id, parameters },
  };
}

/** What is in a directory is of no record. */
function countsOf(
  rows: readonly Read[],
  recordId: RecordId,
  context: EnforceContext,
): Pick<Answer, 'records' | 'byType'> {
  const own = rows.filter(({ type }) => storedHome(type) === 'record');
  const byType = [...Map.groupBy(own, ({ type }) => type)].map(([type, { length }]) => ({
    recordId,
    type: typeStored(context, type)?.name ?? type,
    resources: length,
  }));
  return { records: new Map([[recordId, own.length]]), byType };
}

const keyOf = ({ type, id }: Pick<FoundRow, 'type' | 'id'>): string => `${type}/${id.toLowerCase()}`;

const distinct = (rows: readonly Read[]): readonly Read[] => [
  ...new Map(rows.map((row) => [keyOf(row), row])).values(),
];

/** What would change the answer is refused where it is not done; other unknown parameters where the client says so. */
function requireKnown({ pairs, strict }: SummaryCall, { profiles }: SummaryMaker): void {
  for (const [name, value] of pairs) {
    if (PROFILE.includes(name) && value !== '' && !profiles.includes(value))
      throw invalid(
        `This server makes a summary by the profile ${profiles[0]}. Leave the parameter ${name} out, or name that one.`,
      );
    if (REFUSED.includes(name))
      throw invalid(`The operation $summary is done without the parameter ${name} here. Leave it out.`);
    if (strict && ![...KNOWN, ...FORMATS].includes(name))
      throw new Problem('parameter-unknown', {
        status: 400,
        message: `The operation $summary does not have the parameter ${name.slice(0, 80)}. It has identifier and profile.`,
      });
  }
}

interface FoundSection extends Omit<SummaryFound, 'resources'> {
  readonly rows: readonly Read[];
}

/** What the grant lets be found for a section in the patient's record, the newest first. */
async function findSection(
  { deps, context }: SummaryCall,
  patient: Read,
  search: SummarySearch,
): Promise<FoundSection> {
  const query = queryIn(context, patient, search.type, search.conditions);
  if (query === undefined) return { search, rows: [], more: false };
  const slice = { sort: NEWEST, limit: search.limit, offset: 0, counted: false };
  const { rows, more } = await findFirst(deps.db, query, slice);
  return { search, more, rows: rows.map((row) => readRow(row, context)) };
}

/**
 * What the grant allows of a type in this patient's record, and in no other: a grant may be for a patient with one type and
 * for practices with another. undefined: nothing.
 */
function queryIn(context: EnforceContext, { home }: Read, type: string, conditions: readonly Condition[]) {
  const served = typeStored(context, type);
  if (served === undefined) return undefined;
  const own: readonly Condition[] = served.home === 'record' ? [{ kind: 'records', values: [home] }] : [];
  return enforceIncluded(context, served, [home], [...own, ...conditions]);
}

const typeStored = ({ version }: EnforceContext, type: string) => version.types.find(({ stored }) => stored === type);

/** What they refer to that belongs beside them, each type by a query of its own. */
async function findBeside(
  call: SummaryCall,
  summary: SummaryMaker,
  patient: Read,
  told: readonly Read[],
): Promise<readonly Read[]> {
  const known = new Set([patient, ...told].map(keyOf));
  const beside: Read[] = [];
  let fresh: readonly Read[] = [patient, ...told];
  for (let round = 0; round < ROUNDS && fresh.length > 0; round++) {
    const named = fresh.flatMap(({ resource }) => summary.referredTo(resource));
    const wanted = [...new Map(named.map((one) => [nameOf(one), one])).values()].filter(
      (one) => !known.has(nameOf(one)),
    );
    for (const one of wanted) known.add(nameOf(one));
    const found = await findNamed(call, patient, wanted.slice(0, Math.max(0, MOST_BESIDE - beside.length)));
    fresh = found.filter(({ resource }) => !summary.isMistake(resource));
    beside.push(...fresh);
  }
  return beside;
}

const nameOf = ({ type = '', id }: ReferenceValue): string => keyOf({ type, id });

async function findNamed(
  { deps, context }: SummaryCall,
  patient: Read,
  wanted: readonly ReferenceValue[],
): Promise<readonly Read[]> {
  const byType = Map.groupBy(wanted, ({ type = '' }) => type);
  const found: FoundRow[] = [];
  for (const [type, references] of byType) {
    const query = queryIn(context, patient, type, [idCondition(references.map(({ id }) => id))]);
    if (query !== undefined) found.push(...(await findAll(deps.db, query)));
  }
  // Where the access is to several practices, their directories are apart.
  const isBeside = ({ type, home }: FoundRow) => storedHome(type) === 'record' || home === (patient.practice ?? home);
  return found.filter(isBeside).map((row) => readRow(row, context));
}
