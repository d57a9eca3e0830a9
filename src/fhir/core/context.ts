import { type Grant, requireApi, resourceScopes } from '../../access/index.ts';
import { Problem } from '../../kernel/index.ts';
import { formsOf, typeNamed } from './forms.ts';
import type { FhirVersion, ServedType } from './version.ts';

/** Who asks, of which version, where and when. */
export interface EnforceContext {
  readonly grant: Grant;
  readonly version: FhirVersion;
  readonly base: string;
  readonly now: Date;
}

/** The served type by its name in any case; a token without this API learns nothing of it. */
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

/** What this version has it as, where it is stored under that name. */
function insteadOf(name: string, { types, part }: FhirVersion): string {
  const isIt = (stored: string | undefined): boolean => stored?.toLowerCase() === name.toLowerCase();
  const has = (type: ServedType): boolean =>
    formsOf(type).some(({ stored }) => isIt(stored)) || (isIt(part?.type) && type.name === part?.of);
  const names = types.filter(has).map((type) => type.name);
  return names.length === 0 ? '' : ` What you ask for is ${names.join(', ')} here.`;
}

/** Scope before data: whoever was not allowed a type is told that, whether there is such a type or not. */
const isNamed = ({ scopes }: Grant, name: string): boolean =>
  resourceScopes(scopes).some(({ type }) => type === '*' || type.toLowerCase() === name.toLowerCase());

/** Scopes may name a type as this version does, or as it is stored. */
export const namesOf = ({ name, stored, scopes }: ServedType): readonly string[] => scopes ?? [name, stored];
