import { type Grant, permit, type Reach } from '../../access/index.ts';
import { isUuid, Problem } from '../../kernel/index.ts';
import type { ReferenceValue } from './condition.ts';
import { type EnforceContext, namesOf } from './context.ts';
import { isWide } from './parts.ts';
import type { SearchRequest } from './search-request.ts';
import type { ServedType } from './version.ts';

/**
 * Returns the patients that a search names. A token for one patient must not name another one. With a token for practices
 * the search is limited to these patients, and unknown ones match nothing.
 * @returns undefined if the search isn't limited to patients
 * @throws Problem 403 if a patient's token names another patient
 */
export function patientsNamed(
  context: EnforceContext,
  served: ServedType,
  rules: readonly Reach[],
  named: SearchRequest['patients'],
): readonly string[] | undefined {
  if (!isWide(rules)) requireOwnPatient(context.grant, named.flat());
  else if (named.length > 0) return knownPatients(context, served, common(named.map(idsOfPatients)));
  return undefined;
}

/**
 * A directory search that names a patient reveals that the practice knows them, so it only accepts patients that the
 * grant shows.
 */
function knownPatients(
  { grant, version }: EnforceContext,
  { home }: ServedType,
  ids: readonly string[],
): readonly string[] {
  const patients = version.types.find(({ stored }) => stored === 'Patient');
  const rules = patients === undefined ? [] : permit(grant, 's', namesOf(patients));
  const all = rules.some(({ of, queries }) => of === 'practices' && queries.length === 0);
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
