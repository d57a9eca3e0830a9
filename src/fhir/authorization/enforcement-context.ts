import { type AccessGrant, requireApiAdded, resourceScopes } from '../../access/index.ts';
import { Problem } from '../../kernel/index.ts';
import type { FhirVersion, ServedType } from '../model/fhir-version.ts';
import { findTypeByName, typeVariants } from '../model/type-variants.ts';

/**
 * Properties of a request that authorization needs: the grant, the FHIR version, the absolute base URL and the time.
 */
export interface EnforcementContext {
  readonly grant: AccessGrant;
  readonly version: FhirVersion;
  readonly base: string;
  readonly now: Date;
}

/**
 * Finds a served type by its name, ignoring case.
 * @throws Problem 403 if the token isn't for this API, or if no scope names the type; 404 if a scope names the type but
 * the API doesn't serve it. The API is checked first, so that a token for another API can't learn which types exist.
 */
export function requireType({ grant, version }: EnforcementContext, name: string): ServedType {
  requireApiAdded(grant, version.api);
  const found = findTypeByName(version.types, name);
  if (found !== undefined) return found;
  const missing =
    name.toLowerCase() === 'binary'
      ? 'A Binary can only be read by its id. It can’t be searched, and has no version history.'
      : `This server does not support the resource type ${name.slice(0, 64)}. /metadata lists the supported types.${describeServedAs(name, version)}`;
  if (isTypeInScopes(grant, name)) throw new Problem('type-not-supported', { status: 404, message: missing });
  throw new Problem('scope-denied', { status: 403, message: `This access token is for other types. ${missing}` });
}

/**
 * Returns a hint for the error message about an unknown type: the types under which this FHIR version serves resources
 * of the R4 type with that name.
 */
function describeServedAs(name: string, { types, embedded }: FhirVersion): string {
  const isSameName = (stored: string | undefined): boolean => stored?.toLowerCase() === name.toLowerCase();
  const servesIt = (type: ServedType): boolean =>
    typeVariants(type).some(({ stored }) => isSameName(stored)) ||
    (isSameName(embedded?.type) && type.name === embedded?.parentType);
  const names = types.filter(servesIt).map((type) => type.name);
  return names.length === 0 ? '' : ` Its data is available as ${names.join(', ')}.`;
}

/**
 * True if a scope names the type or `*`. For a type that no scope names, the client gets 403, whether or not the server
 * has the type.
 */
const isTypeInScopes = ({ scopes }: AccessGrant, name: string): boolean =>
  resourceScopes(scopes).some(({ type }) => type === '*' || type.toLowerCase() === name.toLowerCase());

/**
 * Returns the names that OAuth scopes may use for a type: its name in this FHIR version and its R4 name, unless the
 * type declares other names.
 */
export const scopeTypeNames = ({ name, stored, scopeNames }: ServedType): readonly string[] =>
  scopeNames ?? [name, stored];
