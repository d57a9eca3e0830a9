import { type Grant, requireApi, resourceScopes } from '../../access/index.ts';
import { Problem } from '../../kernel/index.ts';
import { formsOf, typeNamed } from './forms.ts';
import type { FhirVersion, ServedType } from './version.ts';

/** Authorization, FHIR version, absolute base URL and time of a request. */
export interface EnforceContext {
  readonly grant: Grant;
  readonly version: FhirVersion;
  readonly base: string;
  readonly now: Date;
}

/**
 * Finds a served type by its name, ignoring case.
 * @throws Problem 403 if the token is not for this API or no scope names the type, 404 if a scope names a type that isn't
 * served. The API is checked first, so a token without it can't learn which types exist.
 */
export function requireType({ grant, version }: EnforceContext, name: string): ServedType {
  requireApi(grant, version.api);
  const found = typeNamed(version.types, name);
  if (found !== undefined) return found;
  const missing =
    name.toLowerCase() === 'binary'
      ? 'A Binary is read by its id: it is not searched, and has one version alone.'
      : `This server does not have the resource type ${name.slice(0, 64)}. /metadata lists the types that it has.${insteadOf(name, version)}`;
  if (isNamed(grant, name)) throw new Problem('type-not-supported', { status: 404, message: missing });
  throw new Problem('scope-denied', { status: 403, message: `This access token is for other types. ${missing}` });
}

/** Hint for the error message: the types that this version serves for a stored type of that name. */
function insteadOf(name: string, { types, part }: FhirVersion): string {
  const isSameName = (stored: string | undefined): boolean => stored?.toLowerCase() === name.toLowerCase();
  const servesIt = (type: ServedType): boolean =>
    formsOf(type).some(({ stored }) => isSameName(stored)) || (isSameName(part?.type) && type.name === part?.of);
  const names = types.filter(servesIt).map((type) => type.name);
  return names.length === 0 ? '' : ` What you ask for is ${names.join(', ')} here.`;
}

/**
 * True if a scope names the type or `*`. A type outside the scopes gets a 403, whether or not the server has that type.
 */
const isNamed = ({ scopes }: Grant, name: string): boolean =>
  resourceScopes(scopes).some(({ type }) => type === '*' || type.toLowerCase() === name.toLowerCase());

/** Type names that scopes may use: the name in this version and the stored one, unless the type lists its own. */
export const namesOf = ({ name, stored, scopes }: ServedType): readonly string[] => scopes ?? [name, stored];
