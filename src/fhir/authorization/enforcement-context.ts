import { type AccessGrant, requireApiAdded, resourceScopes } from '../../access/index.ts';
import { Problem } from '../../kernel/index.ts';
import type { FhirVersion, ServedType } from '../model/fhir-version.ts';
import { findTypeByName, typeVariants } from '../model/type-variants.ts';

/** Authorization, FHIR version, absolute base URL and time of a request. */
export interface EnforcementContext {
  readonly grant: AccessGrant;
  readonly version: FhirVersion;
  readonly base: string;
  readonly now: Date;
}

/**
 * Finds a served type by its name, ignoring case.
 * @throws Problem 403 if the token is not for this API or no scope names the type, 404 if a scope names a type that isn't
 * served. The API is checked first, so a token without it can't learn which types exist.
 */
export function requireType({ grant, version }: EnforcementContext, name: string): ServedType {
  requireApiAdded(grant, version.api);
  const found = findTypeByName(version.types, name);
  if (found !== undefined) return found;
  const missing =
    name.toLowerCase() === 'binary'
      ? 'A Binary is read by its id: it is not searched, and has one version alone.'
      : `This server does not have the resource type ${name.slice(0, 64)}. /metadata lists the types that it has.${describeServedAs(name, version)}`;
  if (isTypeInScopes(grant, name)) throw new Problem('type-not-supported', { status: 404, message: missing });
  throw new Problem('scope-denied', { status: 403, message: `This access token is for other types. ${missing}` });
}

/** Hint for the error message: the types that this version serves for a stored type of that name. */
function describeServedAs(name: string, { types, embedded }: FhirVersion): string {
  const isSameName = (stored: string | undefined): boolean => stored?.toLowerCase() === name.toLowerCase();
  const servesIt = (type: ServedType): boolean =>
    typeVariants(type).some(({ stored }) => isSameName(stored)) ||
    (isSameName(embedded?.type) && type.name === embedded?.parentType);
  const names = types.filter(servesIt).map((type) => type.name);
  return names.length === 0 ? '' : ` What you ask for is ${names.join(', ')} here.`;
}

/**
 * True if a scope names the type or `*`. A type outside the scopes gets a 403, whether or not the server has that type.
 */
const isTypeInScopes = ({ scopes }: AccessGrant, name: string): boolean =>
  resourceScopes(scopes).some(({ type }) => type === '*' || type.toLowerCase() === name.toLowerCase());

/** Type names that scopes may use: the name in this version and the stored one, unless the type lists its own. */
export const scopeTypeNames = ({ name, stored, scopeNames }: ServedType): readonly string[] =>
  scopeNames ?? [name, stored];
