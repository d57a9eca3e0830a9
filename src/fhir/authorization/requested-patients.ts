import { type AccessGrant, type AccessRule, authorize } from '../../access/index.ts';
import { isUuid, Problem } from '../../kernel/index.ts';
import type { ReferenceValue } from '../model/condition.ts';
import type { ServedType } from '../model/fhir-version.ts';
import type { SearchRequest } from '../search/search-request.ts';
import { coversPractices } from './access-filters.ts';
import { type EnforcementContext, scopeTypeNames } from './enforcement-context.ts';

/**
 * Returns the patients to whom a search is limited, because its parameters name them. With a token for practices, the
 * search covers only the named patients, and patients that the practices don't have match nothing. With a patient's
 * token, every search covers only that patient, so it needs no further limit.
 * @returns undefined if the parameters don't limit the search
 * @throws Problem 403 if a search with a patient's token names another patient
 */
export function requestedPatients(
  context: EnforcementContext,
  served: ServedType,
  rules: readonly AccessRule[],
  named: SearchRequest['patients'],
): readonly string[] | undefined {
  if (!coversPractices(rules)) requireOwnPatient(context.grant, named.flat());
  else if (named.length > 0) return knownPatients(context, served, intersection(named.map(toPatientIds)));
  return undefined;
}

/**
 * Returns the patients to whom a search may be limited, out of those that its parameters name. A search of the
 * directory for a patient finds only resources of practices that have a record of the patient, so it reveals which
 * practices these are. So for directory types, the result contains only patients whom the grant allows to be searched.
 */
function knownPatients(
  { grant, version }: EnforcementContext,
  { compartment }: ServedType,
  ids: readonly string[],
): readonly string[] {
  const patients = version.types.find(({ stored }) => stored === 'Patient');
  const rules = patients === undefined ? [] : authorize(grant, 's', scopeTypeNames(patients));
  const all = rules.some(({ target, queries }) => target === 'practices' && queries.length === 0);
  return compartment === 'record' || all ? ids : ids.filter((id) => id === grant.record?.patientId.toLowerCase());
}

const toPatientIds = (patients: readonly ReferenceValue[]): readonly string[] =>
  patients.flatMap(({ type = 'Patient', id }) => (type === 'Patient' && isUuid(id) ? [id] : []));

const intersection = ([first = [], ...rest]: readonly (readonly string[])[]): readonly string[] =>
  first.filter((id) => rest.every((others) => others.includes(id)));

function requireOwnPatient({ record }: AccessGrant, patients: readonly ReferenceValue[]): void {
  const own = patients.every(
    ({ type = 'Patient', id }) => type === 'Patient' && id === record?.patientId.toLowerCase(),
  );
  if (own) return;
  throw new Problem('patient-mismatch', {
    status: 403,
    message:
      'The search names a different patient than this access token. Leave out the patient parameter, or use the patient id from the token response.',
  });
}
