import {
  type Api,
  distinct,
  intersect,
  type NamedScopeName,
  onlyLetters,
  parametersOf,
  parseScopes,
  type ResourceScope,
  resourceScopes,
  type Scope,
  type ScopeContext,
} from '../access/index.ts';
import type { AppKind, ServedTypes } from './ports.ts';

export { withoutDenied } from './consent/narrow.ts';

/** Named scopes that this server supports. SMART App Launch 2.2 §3.0.2.6 and following */
export const NAMED_SCOPES: readonly NamedScopeName[] = [
  'openid',
  'fhirUser',
  'profile',
  'launch',
  'launch/patient',
  'launch/encounter',
  'offline_access',
  'online_access',
];

/** People's apps can only read and search. */
const READING = 'rs';
/**
 * Backend apps may also write the types that are assigned to them, but only whole types: a scope can't express which
 * part of a type may be written.
 */
const lettersFor = (scope: Scope, { kind }: Asking): string =>
  kind === 'backend' && scope.kind === 'resource' && scope.context === 'system' && scope.query === ''
    ? 'cruds'
    : READING;

/**
 * Scope contexts that each kind of app may request. `patient/` is not for backend apps, because no person is present to
 * consent.
 */
const CONTEXTS: Readonly<Record<AppKind, readonly ScopeContext[]>> = {
  patient: ['patient'],
  staff: ['patient', 'user'],
  backend: ['system'],
};

export interface Asking {
  readonly kind: AppKind;
  /** The request belongs to an EHR launch, so there is a context for the `launch` scope. */
  readonly launch: boolean;
  /** APIs of the app. They decide whether a type name has several meanings; none by default. */
  readonly apis?: readonly Api[];
}

/**
 * Scopes that may be granted: requested, registered by the app and served here. Others are left out without an error.
 * Without a requested `scope`, it is everything that the app registered. When a wildcard meets a type with parameters,
 * what remains is limited to that type and its parameters.
 */
export function grantable(
  requested: string | undefined,
  registered: string,
  types: ServedTypes,
  request: Asking,
): readonly Scope[] {
  const registeredScopes = servable(meant(registered, types, request), types, request);
  if (requested === undefined) return registeredScopes;
  const requestedScopes = servable(meant(requested, types, request), types, request);
  return allowedOf(requestedScopes, registeredScopes, types).filter(
    (scope) => isEnforced(scope, types) && !isContradiction(scope, requestedScopes),
  );
}

/**
 * Expands a type name that stands for several kinds of data in the only API of the app. An app that requests it, and
 * none of these kinds by a name of their own, means all of them. Each becomes a scope of its own, so that the person
 * decides about each and the granted scope lists it. docs/decisions/035
 */
function meant(text: string, types: ServedTypes, { apis = [] }: Asking): readonly Scope[] {
  const { scopes } = parseScopes(text);
  const named = new Set(resourceScopes(scopes).map(({ type }) => canonicalType(type, types)));
  return scopes.flatMap((scope): readonly Scope[] => {
    if (scope.kind === 'named' || scope.context !== 'patient' || scope.query !== '') return [scope];
    const also = types.alsoNamed(apis, scope.type).filter((type) => !named.has(canonicalType(type, types)));
    return [scope, ...also.map((type) => ({ ...scope, type }))];
  });
}

/**
 * Intersects requested and held scopes in the syntax of the request, regardless of which of its names a type was
 * registered under.
 */
function allowedOf(requested: readonly Scope[], granted: readonly Scope[], types: ServedTypes): readonly Scope[] {
  const byOneName = granted.map((scope) => withType(scope, (type) => onlyName(type, types)));
  return distinct(
    requested.flatMap((scope) => {
      if (scope.kind === 'named' || scope.type === '*') return intersect([scope], granted);
      const same = withType(scope, (type) => onlyName(type, types));
      return intersect([same], byOneName).map((one) => withType(one, () => scope.type));
    }),
  );
}

const withType = (scope: Scope, nameOf: (type: string) => string): Scope =>
  scope.kind === 'named' ? scope : { ...scope, type: nameOf(scope.type) };

/**
 * The R4 name of a type, unless another type has the same R4 name: a ReferralRequest is only a part of ServiceRequest.
 */
function onlyName(type: string, types: ServedTypes): string {
  const stored = canonicalType(type, types);
  const names = Object.keys(types.aliases).filter((name) => types.aliases[name] === stored);
  return names.length > 1 ? type : stored;
}

/** Restricts each scope to what this server serves, and drops scopes with nothing left. */
function servable(scopes: readonly Scope[], types: ServedTypes, request: Asking): readonly Scope[] {
  const limited = scopes
    .map((scope) => onlyLetters(scope, lettersFor(scope, request)))
    .filter((scope) => scope !== undefined);
  return distinct(limited.filter((scope) => isServed(scope, types, request)));
}

function isServed(scope: Scope, types: ServedTypes, { kind, launch }: Asking): boolean {
  if (scope.kind === 'resource') {
    return CONTEXTS[kind].includes(scope.context) && isEnforced(scope, types);
  }
  if (kind === 'backend' || !NAMED_SCOPES.includes(scope.name)) return false;
  if (scope.name === 'launch') return launch;
  // Only an EHR launch sets an encounter.
  return scope.name !== 'launch/encounter' || (kind === 'staff' && launch);
}

/** Whether the scope covers a served type, and its granular query can be enforced. */
export const isEnforced = (scope: Scope, types: ServedTypes): boolean =>
  scope.kind === 'named' || servedNames(scope, types).length > 0 || isOfSystem(scope, types);

const isOfSystem = ({ context, type, query }: ResourceScope, { ofSystem }: ServedTypes): boolean =>
  context === 'system' && query === '' && ofSystem.includes(type);

/**
 * R4 names of the types that a scope covers. A wildcard with a query covers the types that have its search parameters.
 */
function servedNames({ type, query }: ResourceScope, types: ServedTypes): readonly string[] {
  const named = type === '*' ? types.names : [type];
  return named
    .filter((name) => types.names.includes(canonicalType(name, types)) && (query === '' || types.enforces(name, query)))
    .map((name) => canonicalType(name, types));
}

/**
 * Whether an intersection combines two values of one parameter: `category=a` was requested and `category=b` registered.
 * The app didn't ask for resources with both, and there would be almost none.
 */
function isContradiction(scope: Scope, requested: readonly Scope[]): boolean {
  if (scope.kind === 'named' || resourceScopes(requested).some(({ query }) => query === scope.query)) return false;
  const names = parametersOf(scope.query).map(({ name }) => name);
  return new Set(names).size < names.length;
}

/** The R4 name of a type. */
export const canonicalType = (type: string, types: ServedTypes): string => types.aliases[type] ?? type;

/** R4 names of the types that these scopes cover. */
export function typesOf(scopes: readonly Scope[], types: ServedTypes): ReadonlySet<string> {
  return new Set(resourceScopes(scopes).flatMap((scope) => servedNames(scope, types)));
}
