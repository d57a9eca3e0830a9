import {
  intersectScopes,
  type NamedScopeName,
  parseGranularQuery,
  parseScopes,
  type ResourceScope,
  resourceScopes,
  restrictPermissions,
  type Scope,
  type ScopeContext,
  uniqueScopes,
} from '../../access/index.ts';
import type { AppKind, FhirApi } from '../../domain/index.ts';
import type { ServedTypes } from '../ports.ts';

export { removeDeniedScopes } from './denied-scopes.ts';

/** Named scopes, such as `openid`, that this server supports. SMART App Launch 2.2 §3.0.2.6 and following sections */
export const SUPPORTED_NAMED_SCOPES: readonly NamedScopeName[] = [
  'openid',
  'fhirUser',
  'profile',
  'launch',
  'launch/patient',
  'launch/encounter',
  'offline_access',
  'online_access',
];

/** Permissions that a patient or staff app can have: reading and searching. */
const READ_PERMISSIONS = 'rs';
/**
 * Returns the permissions that a scope may have at most. Backend apps may also write the types that are assigned to
 * them, but only with a scope for the whole type: a scope can't express which part of a type may be written.
 */
const permissionsFor = (scope: Scope, { kind }: ScopeRequestContext): string =>
  kind === 'backend' && scope.kind === 'resource' && scope.context === 'system' && scope.query === ''
    ? 'cruds'
    : READ_PERMISSIONS;

/**
 * Scope contexts that each kind of app may request. `patient/` is not for backend apps, because no person is present to
 * consent.
 */
const CONTEXTS_BY_APP_KIND: Readonly<Record<AppKind, readonly ScopeContext[]>> = {
  patient: ['patient'],
  staff: ['patient', 'user'],
  backend: ['system'],
};

export interface ScopeRequestContext {
  readonly kind: AppKind;
  /** Whether the request belongs to an EHR launch. Without one, the scope `launch` has no context to give. */
  readonly launch: boolean;
  /** APIs that the app uses. They decide whether a type name stands for several kinds of data. None by default. */
  readonly apis?: readonly FhirApi[];
}

/**
 * Returns the scopes that may be granted: requested, registered by the app and served here. Others are left out without
 * an error. An app that sends no `scope` requests everything that it registered. If either the request or the
 * registration limits a type with a granular scope, and the other covers the type with a wildcard, the granular scope
 * is granted.
 */
export function findGrantableScopes(
  requested: string | undefined,
  registered: string,
  types: ServedTypes,
  request: ScopeRequestContext,
): readonly Scope[] {
  const registeredScopes = findServedScopes(expandTypeNames(registered, types, request), types, request);
  if (requested === undefined) return registeredScopes;
  const requestedScopes = findServedScopes(expandTypeNames(requested, types, request), types, request);
  return intersectByType(requestedScopes, registeredScopes, types).filter(
    (scope) => isEnforced(scope, types) && !isContradiction(scope, requestedScopes),
  );
}

/**
 * Adds the other kinds of data that a type name stands for in the APIs of the app. For example, a DSTU2 CarePlan may
 * also be a care team. An app that requests such a type, and doesn't name the other kinds, means all of them. Each kind
 * becomes a scope of its own, so that the person decides about each and the granted scope lists it. docs/decisions/035
 */
function expandTypeNames(text: string, types: ServedTypes, { apis = [] }: ScopeRequestContext): readonly Scope[] {
  const { scopes } = parseScopes(text);
  const named = new Set(resourceScopes(scopes).map(({ type }) => canonicalType(type, types)));
  return scopes.flatMap((scope): readonly Scope[] => {
    if (scope.kind === 'named' || scope.context !== 'patient' || scope.query !== '') return [scope];
    const also = types.alsoNamed(apis, scope.type).filter((type) => !named.has(canonicalType(type, types)));
    return [scope, ...also.map((type) => ({ ...scope, type }))];
  });
}

/**
 * Intersects requested with registered scopes. The result uses the syntax and type names of the request, even if the
 * app registered a type under another of its names.
 */
function intersectByType(requested: readonly Scope[], granted: readonly Scope[], types: ServedTypes): readonly Scope[] {
  const byOneName = granted.map((scope) => mapType(scope, (type) => canonicalUnlessShared(type, types)));
  return uniqueScopes(
    requested.flatMap((scope) => {
      if (scope.kind === 'named' || scope.type === '*') return intersectScopes([scope], granted);
      const same = mapType(scope, (type) => canonicalUnlessShared(type, types));
      return intersectScopes([same], byOneName).map((one) => mapType(one, () => scope.type));
    }),
  );
}

const mapType = (scope: Scope, nameOf: (type: string) => string): Scope =>
  scope.kind === 'named' ? scope : { ...scope, type: nameOf(scope.type) };

/**
 * Returns the R4 name of a type. If several types share that R4 name, returns the type's own name: a ReferralRequest,
 * for example, is only a part of ServiceRequest.
 */
function canonicalUnlessShared(type: string, types: ServedTypes): string {
  const stored = canonicalType(type, types);
  const names = Object.keys(types.aliases).filter((name) => types.aliases[name] === stored);
  return names.length > 1 ? type : stored;
}

/** Restricts each scope to what this server serves. Drops scopes of which nothing is left. */
function findServedScopes(
  scopes: readonly Scope[],
  types: ServedTypes,
  request: ScopeRequestContext,
): readonly Scope[] {
  const limited = scopes
    .map((scope) => restrictPermissions(scope, permissionsFor(scope, request)))
    .filter((scope) => scope !== undefined);
  return uniqueScopes(limited.filter((scope) => isServed(scope, types, request)));
}

function isServed(scope: Scope, types: ServedTypes, { kind, launch }: ScopeRequestContext): boolean {
  if (scope.kind === 'resource') {
    return CONTEXTS_BY_APP_KIND[kind].includes(scope.context) && isEnforced(scope, types);
  }
  if (kind === 'backend' || !SUPPORTED_NAMED_SCOPES.includes(scope.name)) return false;
  if (scope.name === 'launch') return launch;
  // Only an EHR launch of a staff app sets an encounter, so `launch/encounter` is left out for all other requests.
  return scope.name !== 'launch/encounter' || (kind === 'staff' && launch);
}

/** Whether the scope covers at least one type that this server serves, and its granular query can be enforced. */
export const isEnforced = (scope: Scope, types: ServedTypes): boolean =>
  scope.kind === 'named' || servedTypeNames(scope, types).length > 0 || isSystemType(scope, types);

const isSystemType = ({ context, type, query }: ResourceScope, { ofSystem }: ServedTypes): boolean =>
  context === 'system' && query === '' && ofSystem.includes(type);

/**
 * Returns the R4 names of the types that a scope covers. A wildcard with a query covers the types that support the
 * search parameters of the query.
 */
function servedTypeNames({ type, query }: ResourceScope, types: ServedTypes): readonly string[] {
  const named = type === '*' ? types.names : [type];
  return named
    .filter((name) => types.names.includes(canonicalType(name, types)) && (query === '' || types.enforces(name, query)))
    .map((name) => canonicalType(name, types));
}

/**
 * Whether a scope that is an intersection requires two values of one parameter. For example, this happens if
 * `category=a` was requested and `category=b` was registered. Such a scope isn't granted: the app didn't request
 * resources that have both values, and hardly any resource has both.
 */
function isContradiction(scope: Scope, requested: readonly Scope[]): boolean {
  if (scope.kind === 'named' || resourceScopes(requested).some(({ query }) => query === scope.query)) return false;
  const names = parseGranularQuery(scope.query).map(({ name }) => name);
  return new Set(names).size < names.length;
}

/** Returns the R4 name of a type. The type may be given by its name in another FHIR version. */
export const canonicalType = (type: string, types: ServedTypes): string => types.aliases[type] ?? type;

/** Returns the R4 names of the types that the given scopes cover. */
export function scopedTypes(scopes: readonly Scope[], types: ServedTypes): ReadonlySet<string> {
  return new Set(resourceScopes(scopes).flatMap((scope) => servedTypeNames(scope, types)));
}
