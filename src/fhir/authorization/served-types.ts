import type { FhirApi } from '../../domain/index.ts';
import type { FhirVersion, ServedType } from '../model/fhir-version.ts';
import { scopeTypeNames } from './enforcement-context.ts';
import { readGranularScope } from './granular-scopes.ts';

/**
 * Describes all resource types that any FHIR version serves. `names` has their R4 names, and `aliases` maps the names
 * of other FHIR versions to R4 names. `enforces` returns true if the server can apply a granular scope.
 */
export function describeServedTypes(versions: readonly FhirVersion[]): {
  readonly names: readonly string[];
  readonly inRecord: readonly string[];
  readonly ofSystem: readonly string[];
  readonly aliases: Readonly<Record<string, string>>;
  readonly alsoNamed: (apis: readonly FhirApi[], type: string) => readonly string[];
  readonly enforces: (type: string, query: string) => boolean;
} {
  const types = versions.flatMap((version) => version.types);
  const renamed = types.filter((type) => type.name !== type.stored);
  return {
    names: [...new Set(types.map((type) => type.stored))],
    inRecord: [...new Set(types.filter(({ compartment }) => compartment === 'record').map(({ stored }) => stored))],
    ofSystem: SYSTEM_ONLY_TYPES,
    aliases: Object.fromEntries(renamed.map((type) => [type.name, type.stored])),
    alsoNamed: (apis, type) =>
      variantScopeNames(
        versions.filter(({ api }) => apis.includes(api)),
        type,
      ),
    enforces: (type, query) => versions.some((version) => canEnforceScope(version, type, query)),
  };
}

/**
 * Returns the names that scopes use for the further R4 types of a served type. For DSTU2 CarePlan, for example, the
 * result is `CareTeam`. A name is returned only if all given FHIR versions serve that R4 type under the same name.
 */
function variantScopeNames(versions: readonly FhirVersion[], type: string): readonly string[] {
  const [first = [], ...others] = versions.map(({ types }) =>
    (types.find(({ name }) => name === type)?.variants ?? []).flatMap((form) => scopeTypeNames(form).slice(-1)),
  );
  return first.filter((name) => others.every((names) => names.includes(name)));
}

/**
 * Types that only backend apps may access. A Group lists patients, and neither patients nor staff may see who else is
 * in it.
 */
const SYSTEM_ONLY_TYPES = ['Group'];

const canEnforceScope = (version: FhirVersion, type: string, query: string): boolean =>
  version.types.some((served) => scopeTypeNames(served).includes(type) && isScopeApplicable(query, version, served));

/**
 * Returns true if the server can apply a granular scope to a type. The base URL and the time don't affect that, so
 * placeholders are passed.
 */
const isScopeApplicable = (query: string, version: FhirVersion, served: ServedType): boolean =>
  readGranularScope(query, { version, served, base: '', now: new Date(0) }) !== undefined;
