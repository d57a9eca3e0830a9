import { type Grant, requireApi } from '../../access/index.ts';
import { isUuid, Problem } from '../../kernel/index.ts';
import type { Condition } from './condition.ts';
import type { EnforceContext } from './context.ts';
import { type EnforcedQuery, queryOf, searchable } from './enforced-query.ts';
import { formsOf } from './forms.ts';
import { isWide } from './parts.ts';
import type { ServedType } from './version.ts';

/** A parsed `$everything` request. */
export interface Everything {
  readonly types: readonly ServedType[];
  readonly conditionsOf: (served: ServedType) => readonly Condition[];
}

export interface EnforcedEverything<Request extends Everything = Everything> {
  readonly asked: Request;
  /** One for each requested and allowed variant of a record type. Empty if the grant doesn't reach the patient. */
  readonly queries: readonly EnforcedQuery[];
  /** Checks that the patient exists. Undefined if that is known, or if the grant allows no search of Patient. */
  readonly patient: EnforcedQuery | undefined;
}

/**
 * Authorizes `$everything`: all record types of one patient that the grant allows to be searched.
 * @param id id of the Patient; undefined means the one in context
 * @param read parses the request; it is called only after the grant is known to allow searching some record type
 * @throws Problem 403 if the grant allows none of the requested types, 400 if no patient is named or in context
 */
export function enforceEverything<Request extends Everything>(
  context: EnforceContext,
  id: string | undefined,
  read: () => Request,
): EnforcedEverything<Request> {
  requireApi(context.grant, context.version.api);
  const ofRecords = context.version.types.filter(({ home }) => home === 'record');
  requireSome(context.grant, ofRecords.flatMap(formsOf));
  const request = read();
  const types = ofRecords.filter((type) => request.types.includes(type)).flatMap(formsOf);
  requireSome(context.grant, types);
  const { record } = context.grant;
  const isOwn = record !== undefined && (id ?? record.patientId).toLowerCase() === record.patientId.toLowerCase();
  if (id === undefined && !isOwn) throw patientExpected();
  const patientIds = [id ?? record?.patientId ?? ''].filter(isUuid);
  const own: readonly Condition[] = isOwn ? [{ kind: 'records', values: [record.recordId] }] : [];
  const queryFor = (served: ServedType, conditions: readonly Condition[]): readonly EnforcedQuery[] => {
    const rules = searchable(context.grant, served);
    if (isWide(rules)) return [queryOf(context, served, rules, [...own, ...conditions], patientIds)];
    return isOwn && rules.length > 0 ? [queryOf(context, served, rules, conditions)] : [];
  };
  const patient = isOwn ? [] : ofRecords.filter(({ stored }) => stored === 'Patient');
  return {
    asked: request,
    queries: types.flatMap((served) => queryFor(served, request.conditionsOf(served))),
    patient: patient.flatMap((served) => queryFor(served, []))[0],
  };
}

function requireSome(grant: Grant, types: readonly ServedType[]): void {
  if (types.some((served) => searchable(grant, served).length > 0)) return;
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
