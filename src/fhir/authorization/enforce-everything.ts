import { type AccessGrant, requireApiAdded } from '../../access/index.ts';
import { isUuid, Problem } from '../../kernel/index.ts';
import type { RowCondition } from '../model/condition.ts';
import type { ServedType } from '../model/fhir-version.ts';
import { typeVariants } from '../model/type-variants.ts';
import { coversPractices } from './access-filters.ts';
import { createEnforcedQuery, type EnforcedQuery, getSearchRules } from './enforced-query.ts';
import type { EnforcementContext } from './enforcement-context.ts';

/** The parsed parameters of an `$everything` request. */
export interface EverythingRequest {
  readonly types: readonly ServedType[];
  readonly conditionsFor: (served: ServedType) => readonly RowCondition[];
}

export interface EnforcedEverything<Request extends EverythingRequest = EverythingRequest> {
  readonly request: Request;
  /**
   * Queries for the requested types that the grant allows. Empty if the grant doesn't allow access to the patient. A
   * served type such as DSTU2 CarePlan that comes from several R4 types has a query for each of them.
   */
  readonly queries: readonly EnforcedQuery[];
  /**
   * Query that checks whether the patient exists. Undefined for the patient in context, who is known to exist, and if
   * the grant doesn't allow searching Patient.
   */
  readonly patientQuery: EnforcedQuery | undefined;
}

/**
 * Authorizes `$everything` for one patient: all types of the patient record that the grant allows to be searched.
 * @param id id of the Patient; undefined means the patient in context
 * @param read parses the request; it is called only after the grant is known to allow searching some type of patient
 * records
 * @throws Problem 403 if the grant allows none of the requested types, 400 if the request names no patient and none is
 * in context
 */
export function enforceEverything<Request extends EverythingRequest>(
  context: EnforcementContext,
  id: string | undefined,
  read: () => Request,
): EnforcedEverything<Request> {
  requireApiAdded(context.grant, context.version.api);
  const ofRecords = context.version.types.filter(({ compartment }) => compartment === 'record');
  requireSearchableType(context.grant, ofRecords.flatMap(typeVariants));
  const request = read();
  const types = ofRecords.filter((type) => request.types.includes(type)).flatMap(typeVariants);
  requireSearchableType(context.grant, types);
  const { record } = context.grant;
  const isOwn = record !== undefined && (id ?? record.patientId).toLowerCase() === record.patientId.toLowerCase();
  if (id === undefined && !isOwn) throw patientRequired();
  const patientIds = [id ?? record?.patientId ?? ''].filter(isUuid);
  const own: readonly RowCondition[] = isOwn ? [{ kind: 'records', values: [record.recordId] }] : [];
  const queryFor = (served: ServedType, conditions: readonly RowCondition[]): readonly EnforcedQuery[] => {
    const rules = getSearchRules(context.grant, served);
    if (coversPractices(rules))
      return [createEnforcedQuery(context, served, rules, [...own, ...conditions], patientIds)];
    return isOwn && rules.length > 0 ? [createEnforcedQuery(context, served, rules, conditions)] : [];
  };
  const patient = isOwn ? [] : ofRecords.filter(({ stored }) => stored === 'Patient');
  return {
    request,
    queries: types.flatMap((served) => queryFor(served, request.conditionsFor(served))),
    patientQuery: patient.flatMap((served) => queryFor(served, []))[0],
  };
}

function requireSearchableType(grant: AccessGrant, types: readonly ServedType[]): void {
  if (types.some((served) => getSearchRules(grant, served).length > 0)) return;
  throw new Problem('scope-denied', {
    status: 403,
    message:
      'This access token does not allow searching any type of the requested record. $everything leaves out what the patient did not allow or the app did not request. Request a scope such as patient/*.rs.',
  });
}

const patientRequired = () =>
  new Problem('search-invalid', {
    status: 400,
    message:
      'This access token is for the patients of practices, and no patient is in context. Name the patient: Patient/{id}/$everything.',
  });
