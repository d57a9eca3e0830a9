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

/** What this server can do, beyond resource scopes. SMART App Launch 2.2 §3.0.2.6 and following */
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

/** People read and search: that is all there is for them. */
const READING = 'rs';
/** Backend apps may write types that they are named for. What part of a type someone writes can't be said. */
const lettersFor = (scope: Scope, { kind }: Asking): string =>
  kind === 'backend' && scope.kind === 'resource' && scope.context === 'system' && scope.query === ''
    ? 'cruds'
    : READING;

/** Whose data each kind of app may ask for: no person is there who could allow a backend app to see their record. */
const CONTEXTS: Readonly<Record<AppKind, readonly ScopeContext[]>> = {
  patient: ['patient'],
  staff: ['patient', 'user'],
  backend: ['system'],
};

export interface Asking {
  readonly kind: AppKind;
  /** An EHR launch is under way: there is a context that `launch` can name. */
  readonly launch: boolean;
  /** The app's; default: none in which a name has several meanings. */
  readonly apis?: readonly Api[];
}

/**
 * What may be granted of what was asked: what the app registered and this server can serve. The rest is left out, never
 * a refusal. Without a `scope` it is all that the app registered. Of a wildcard and a type with parameters there is left
 * what that type has.
 */
export function grantable(
  asked: string | undefined,
  registered: string,
  types: ServedTypes,
  asking: Asking,
): readonly Scope[] {
  const held = servable(meant(registered, types, asking), types, asking);
  if (asked === undefined) return held;
  const wanted = servable(meant(asked, types, asking), types, asking);
  return allowedOf(wanted, held, types).filter((scope) => isEnforced(scope, types) && !isContradiction(scope, wanted));
}

/**
 * A name may be several kinds of data in the one API that an app has: who asks for it, and for none of these by a name of
 * its own, means all of them. Each becomes a scope of its own, so that the person is asked about each, and what was granted says it. docs/decisions/035
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

/** What is held of what was asked, in the words of the asked, whichever of its names a type is held by. */
function allowedOf(asked: readonly Scope[], held: readonly Scope[], types: ServedTypes): readonly Scope[] {
  const byOneName = held.map((scope) => withType(scope, (type) => onlyName(type, types)));
  return distinct(
    asked.flatMap((scope) => {
      if (scope.kind === 'named' || scope.type === '*') return intersect([scope], held);
      const same = withType(scope, (type) => onlyName(type, types));
      return intersect([same], byOneName).map((one) => withType(one, () => scope.type));
    }),
  );
}

const withType = (scope: Scope, nameOf: (type: string) => string): Scope =>
  scope.kind === 'named' ? scope : { ...scope, type: nameOf(scope.type) };

/** The R4 name, where no other type has the same: a ReferralRequest is not all that a ServiceRequest is. */
function onlyName(type: string, types: ServedTypes): string {
  const stored = canonicalType(type, types);
  const names = Object.keys(types.aliases).filter((name) => types.aliases[name] === stored);
  return names.length > 1 ? type : stored;
}

/** Each scope is limited to what is served; what nothing is left of goes. */
function servable(scopes: readonly Scope[], types: ServedTypes, asking: Asking): readonly Scope[] {
  const limited = scopes
    .map((scope) => onlyLetters(scope, lettersFor(scope, asking)))
    .filter((scope) => scope !== undefined);
  return distinct(limited.filter((scope) => isServed(scope, types, asking)));
}

function isServed(scope: Scope, types: ServedTypes, { kind, launch }: Asking): boolean {
  if (scope.kind === 'resource') {
    return CONTEXTS[kind].includes(scope.context) && isEnforced(scope, types);
  }
  if (kind === 'backend' || !NAMED_SCOPES.includes(scope.name)) return false;
  if (scope.name === 'launch') return launch;
  // A visit comes with a launch from the chart: without one nobody could choose it.
  return scope.name !== 'launch/encounter' || (kind === 'staff' && launch);
}

/** It is about something that is served, and what it says after a `?` can be kept. */
export const isEnforced = (scope: Scope, types: ServedTypes): boolean =>
  scope.kind === 'named' || servedNames(scope, types).length > 0 || isOfSystem(scope, types);

const isOfSystem = ({ context, type, query }: ResourceScope, { ofSystem }: ServedTypes): boolean =>
  context === 'system' && query === '' && ofSystem.includes(type);

/** The R4 names of the types that a scope is about: of a wildcard those that have its parameters. */
function servedNames({ type, query }: ResourceScope, types: ServedTypes): readonly string[] {
  const named = type === '*' ? types.names : [type];
  return named
    .filter((name) => types.names.includes(canonicalType(name, types)) && (query === '' || types.enforces(name, query)))
    .map((name) => canonicalType(name, types));
}

/** Asked for `category=a` where `category=b` is registered: what is both was not asked for, and would be next to nothing. */
function isContradiction(scope: Scope, asked: readonly Scope[]): boolean {
  if (scope.kind === 'named' || resourceScopes(asked).some(({ query }) => query === scope.query)) return false;
  const names = parametersOf(scope.query).map(({ name }) => name);
  return new Set(names).size < names.length;
}

export const canonicalType = (type: string, types: ServedTypes): string => types.aliases[type] ?? type;

/** The R4 names of the types that the scopes are about. */
export function typesOf(scopes: readonly Scope[], types: ServedTypes): ReadonlySet<string> {
  return new Set(resourceScopes(scopes).flatMap((scope) => servedNames(scope, types)));
}
