import { type Grant, mayReadFhirUser, permit, type Reach, requireApi, requirePermit } from '../../access/index.ts';
import { isUuid, type PracticeId, Problem } from '../../kernel/index.ts';
import { type Condition, idCondition, type ReferenceValue } from './condition.ts';
import { type EnforceContext, namesOf, requireType } from './context.ts';
import { mayHaveDocuments } from './document-address.ts';
import type { Asked, EnforcedCondition, EnforcedLink, Link } from './link.ts';
import { isEverything, isWide, linkedPartsOf, type Part, type Place, partsOf, placeOf } from './parts.ts';
import type { SearchRequest } from './search-request.ts';
import type { ServedType } from './version.ts';

declare const enforced: unique symbol;

/**
 * A query that has been through authorization. The store takes no other, and only this file can make one: what a grant
 * does not allow is no part of it, so that rows, totals and pages need no filter afterwards.
 */
export interface EnforcedQuery {
  readonly [enforced]: true;
  /** Where rows of the type are kept. */
  readonly kept: ServedType['home'];
  /** As stored. */
  readonly type: string;
  /** Others, kept where it is, all of whose rows are sought as all of its are. */
  readonly also?: readonly string[];
  readonly projection: string | undefined;
  /** Whose rows: the first key of every query. undefined: nobody's. */
  readonly place: Place | undefined;
  /** A row is in one of them. */
  readonly parts: readonly Part[];
  /** All must hold. */
  readonly conditions: readonly EnforcedCondition[];
  /** That of the record in context: whose row is read when several practices have the id. */
  readonly practice: PracticeId | undefined;
}

/** The type of whose resources documents are the contents; others have some as well. */
export const DOCUMENT_TYPE = 'DocumentReference';

/** @param read is called once the grant is known to allow searching the type, and not before */
export function enforceSearch(
  context: EnforceContext,
  served: ServedType,
  read: () => SearchRequest,
): { readonly query: EnforcedQuery; readonly request: SearchRequest } {
  const reaches = reachesFor(context, served, 's');
  const request = read();
  const patientIds = patientsNamed(context, served, reaches, request.patients);
  const conditions = request.conditions.map((asked) => linked(context, asked));
  return { request, query: queryOf(context, served, reaches, conditions, patientIds) };
}

/** What a search asks of another resource is asked of those that the grant allows to be searched, and of no other. */
function linked(context: EnforceContext, asked: Asked): EnforcedCondition {
  if (asked.kind === 'alternatives') {
    const allowed = asked.of.filter(({ other }) => permit(context.grant, 's', namesOf(other)).length > 0);
    const of = allowed.length === 0 ? asked.of : allowed;
    return { kind: 'alternatives', of: of.map((link) => enforceLink(context, link)) };
  }
  return asked.kind === 'link' ? enforceLink(context, asked) : asked;
}

function enforceLink(context: EnforceContext, { direction, by, other, asked }: Link): EnforcedLink {
  const reaches = reachesFor(context, other, 's');
  const conditions = asked.map((one) => linked(context, one));
  const parts = linkedPartsOf(context, other, reaches);
  return { kind: 'linked', direction, by, type: other.stored, home: other.home, parts, conditions };
}

/** One resource by its id. What the grant does not cover is not found, as if it did not exist. */
export function enforceRead(context: EnforceContext, served: ServedType, id: string): EnforcedQuery {
  const reaches = withFhirUser(context, served, id) ?? reachesFor(context, served, 'r');
  return queryOf(context, served, reaches, [idCondition([id])]);
}

/** The documents one may read: those of the resources one may read, by a query for each type of these. */
export function enforceDocuments(context: EnforceContext): readonly EnforcedQuery[] {
  const { grant, version } = context;
  const main = requireType(context, DOCUMENT_TYPE);
  const queries = version.types
    .filter(({ stored }) => mayHaveDocuments(stored))
    .flatMap((served): readonly EnforcedQuery[] => {
      const reaches = permit(grant, 'r', namesOf(served));
      return reaches.length === 0 ? [] : [queryOf(context, served, reaches, [])];
    });
  return queries.length === 0 ? [queryOf(context, main, reachesFor(context, main, 'r'), [])] : queries;
}

/**
 * What comes along with rows that were found, of one type; undefined: the grant has none of it.
 * @param records of those rows: what is included is in the same ones; undefined: they are of a directory
 */
export function enforceIncluded(
  context: EnforceContext,
  served: ServedType,
  records: readonly number[] | undefined,
  conditions: readonly Condition[],
): EnforcedQuery | undefined {
  const reaches = permit(context.grant, 's', namesOf(served));
  if (reaches.length === 0) return undefined;
  const limited = records !== undefined && isWide(reaches) && served.home === 'record';
  return queryOf(
    context,
    served,
    reaches,
    limited ? [...conditions, { kind: 'records', values: records }] : conditions,
  );
}

/** What `$everything` asks for. */
export interface Everything {
  readonly types: readonly ServedType[];
  readonly conditionsOf: (served: ServedType) => readonly Condition[];
}

export interface EnforcedEverything<Asked extends Everything = Everything> {
  readonly asked: Asked;
  /** One for each type of a record that is asked for and allowed; none: this token reaches no such patient. */
  readonly queries: readonly EnforcedQuery[];
  /** Finds the patient, of whom it is not known that there is one; undefined: it is known, or the grant has no Patient. */
  readonly patient: EnforcedQuery | undefined;
}

/**
 * Everything about one patient: what the grant allows to be searched, type by type.
 * @param id of the patient; undefined: the one in context
 * @param read is called once the grant is known to allow searching some type of a record, and not before
 */
export function enforceEverything<Asked extends Everything>(
  context: EnforceContext,
  id: string | undefined,
  read: () => Asked,
): EnforcedEverything<Asked> {
  requireApi(context.grant, context.version.api);
  const ofRecords = context.version.types.filter(({ home }) => home === 'record');
  requireSome(context.grant, ofRecords);
  const asked = read();
  const types = ofRecords.filter((type) => asked.types.includes(type));
  requireSome(context.grant, types);
  const { record } = context.grant;
  const isOwn = record !== undefined && (id ?? record.patientId).toLowerCase() === record.patientId.toLowerCase();
  if (id === undefined && !isOwn) throw patientExpected();
  const patientIds = [id ?? record?.patientId ?? ''].filter(isUuid);
  const own: readonly Condition[] = isOwn ? [{ kind: 'records', values: [record.recordId] }] : [];
  const queryFor = (served: ServedType, conditions: readonly Condition[]): readonly EnforcedQuery[] => {
    const reaches = permit(context.grant, 's', namesOf(served));
    if (isWide(reaches)) return [queryOf(context, served, reaches, [...own, ...conditions], patientIds)];
    return isOwn && reaches.length > 0 ? [queryOf(context, served, reaches, conditions)] : [];
  };
  const patient = isOwn ? [] : ofRecords.filter(({ stored }) => stored === 'Patient');
  return {
    asked,
    queries: types.flatMap((served) => queryFor(served, asked.conditionsOf(served))),
    patient: patient.flatMap((served) => queryFor(served, []))[0],
  };
}

function requireSome(grant: Grant, types: readonly ServedType[]): void {
  if (types.some((served) => permit(grant, 's', namesOf(served)).length > 0)) return;
  throw new Problem('scope-denied', {
    status: 403,
    message:
      'This access token does not allow searching any type of a record that was asked for. What a patient did not allow, or the app did not ask for, is no part of $everything: ask for a scope such as patient/*.rs.',
  });
}

const patientExpected = () =>
  new Problem('search-invalid', {
    status: 400,
    message:
      'This access token is for the patients of practices, and none of them is in context. Say which patient is meant: Patient/{id}/$everything.',
  });

/**
 * All that a search of each of the types finds. Types that the grant has whole, and of which nothing is asked, are one
 * query for each place where rows are kept.
 * @param patientIds of these patients alone; undefined: of all
 */
export function enforceExport(
  context: EnforceContext,
  wanted: readonly { readonly served: ServedType; readonly conditions: readonly Asked[] }[],
  patientIds: readonly string[] | undefined,
): readonly EnforcedQuery[] {
  const queries = wanted.map(({ served, conditions }) => {
    const asked = conditions.map((one) => linked(context, one));
    // A directory is the practice's, and is about no patient.
    const ofPatients = served.home === 'record' ? patientIds : undefined;
    return queryOf(context, served, reachesFor(context, served, 's'), asked, ofPatients);
  });
  const whole = Map.groupBy(queries.filter(isWhole), ({ kept }) => kept);
  const together = [...whole.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [{ ...first, also: others.map(({ type }) => type) }],
  );
  return [...together, ...queries.filter((query) => !isWhole(query))];
}

/** Every row of the type in the place. */
const isWhole = ({ parts, conditions, projection }: EnforcedQuery): boolean =>
  conditions.length === 0 && projection === undefined && parts.some(isEverything);

function queryOf(
  context: EnforceContext,
  served: ServedType,
  reaches: readonly Reach[],
  conditions: readonly EnforcedCondition[],
  patientIds?: readonly string[],
): EnforcedQuery {
  const { grant, version } = context;
  const query: Omit<EnforcedQuery, typeof enforced> = {
    kept: served.home,
    type: served.stored,
    projection: version.projection,
    place: placeOf(grant, served, reaches, patientIds),
    parts: partsOf(context, served, reaches),
    conditions,
    practice: grant.record?.practiceId,
  };
  return query as EnforcedQuery;
}

function reachesFor({ grant, version }: EnforceContext, served: ServedType, permission: 'r' | 's'): readonly Reach[] {
  requireApi(grant, version.api);
  return requirePermit(grant, permission, namesOf(served));
}

/** SMART App Launch 2.2 §3.0.2.3: with `fhirUser` the resource that says who signed in may be read, if nothing else of its type. */
function withFhirUser(
  { grant, version }: EnforceContext,
  served: ServedType,
  id: string,
): readonly Reach[] | undefined {
  const { fhirUser } = grant;
  const isOwn = fhirUser?.type === served.stored && fhirUser.id.toLowerCase() === id.toLowerCase();
  if (!isOwn || !mayReadFhirUser(grant)) return undefined;
  requireApi(grant, version.api);
  const of = served.home === 'practice' && grant.practices.length > 0 ? 'practices' : 'record';
  if (of === 'record' && grant.record === undefined) return undefined;
  return [{ of, queries: [] }, ...permit(grant, 'r', namesOf(served)).filter((reach) => reach.of !== of)];
}

/**
 * Whom the search is about. Where the token is for one patient another one is refused; where it is for practices the
 * search is narrowed, and whoever is not there has nothing to be found.
 * @returns undefined: everyone within reach
 */
function patientsNamed(
  context: EnforceContext,
  served: ServedType,
  reaches: readonly Reach[],
  named: SearchRequest['patients'],
): readonly string[] | undefined {
  if (!isWide(reaches)) requireOwnPatient(context.grant, named.flat());
  else if (named.length > 0) return knownPatients(context, served, common(named.map(idsOfPatients)));
  return undefined;
}

/** A directory that is found by a patient tells that the practice knows them: only of patients that the grant shows. */
function knownPatients(
  { grant, version }: EnforceContext,
  { home }: ServedType,
  ids: readonly string[],
): readonly string[] {
  const patients = version.types.find(({ stored }) => stored === 'Patient');
  const reaches = patients === undefined ? [] : permit(grant, 's', namesOf(patients));
  const all = reaches.some(({ of, queries }) => of === 'practices' && queries.length === 0);
  return home === 'record' || all ? ids : ids.filter((id) => id === grant.record?.patientId.toLowerCase());
}

const idsOfPatients = (patients: readonly ReferenceValue[]): readonly string[] =>
  patients.flatMap(({ type = 'Patient', id }) => (type === 'Patient' && isUuid(id) ? [id] : []));

const common = ([first = [], ...rest]: readonly (readonly string[])[]): readonly string[] =>
  first.filter((id) => rest.every((others) => others.includes(id)));

function requireOwnPatient({ record }: Grant, patients: readonly ReferenceValue[]): void {
  const own = patients.every(
    ({ type = 'Patient', id }) => type === 'Patient' && id === record?.patientId.toLowerCase(),
  );
  if (own) return;
  throw new Problem('patient-mismatch', {
    status: 403,
    message:
      'This access token is for the record of another patient than the search names. Leave the patient parameter out, or give it the patient id that came with the token.',
  });
}
