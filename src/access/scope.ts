import { intersectQueries, isGranularQuery, queryCovers } from './granular-query.ts';

/**
 * The data to which a resource scope applies. `patient`: one patient's record. `user`: everything that the staff member
 * can see at a practice. `system`: everything at the practices of a backend app.
 */
export type ScopeContext = 'patient' | 'user' | 'system';
/** Permission of a scope: create, read, update, delete or search. SMART App Launch 2.2 §3.0.2 */
export type Permission = 'c' | 'r' | 'u' | 'd' | 's';

export type ScopeSyntax = 'v1' | 'v2';

export interface ResourceScope {
  readonly kind: 'resource';
  readonly context: ScopeContext;
  /** Resource type of the scope, or `*` for all types. */
  readonly type: string;
  /** Permissions of the scope: at least one letter of `cruds`, in that order. */
  readonly permissions: string;
  /** Query of a granular scope, the text after the `?` exactly as written. Empty if the scope has none. */
  readonly query: string;
  /**
   * SMART version whose syntax the client used, so that responses can use the same one. v1 can't express every scope.
   */
  readonly syntax: ScopeSyntax;
}

export type NamedScopeName = (typeof NAMED_SCOPE_NAMES)[number];
export interface NamedScope {
  readonly kind: 'named';
  readonly name: NamedScopeName;
}
export type Scope = ResourceScope | NamedScope;
export { type GranularParameter, parseGranularQuery, printGranularQuery } from './granular-query.ts';

const NAMED_SCOPE_NAMES = [
  'openid',
  'fhirUser',
  'profile',
  'launch',
  'launch/patient',
  'launch/encounter',
  'offline_access',
  'online_access',
] as const;
const PERMISSION_ORDER = 'cruds';
const V1_PERMISSIONS: Readonly<Record<string, string>> = { read: 'rs', write: 'cud', '*': 'cruds' };
const RESOURCE_SCOPE_PATTERN = /^(patient|user|system)\/(\*|[A-Z][A-Za-z]*)\.(read|write|\*|c?r?u?d?s?)(?:\?(.+))?$/u;

/** Parses one scope. Returns undefined if the scope is unknown or malformed. SMART App Launch 2.2 §3.0.2 */
export function parseScope(text: string): Scope | undefined {
  const name = NAMED_SCOPE_NAMES.find((candidate) => candidate === text);
  if (name !== undefined) return { kind: 'named', name };
  const [, context, type, permissions, query = ''] = RESOURCE_SCOPE_PATTERN.exec(text) ?? [];
  if (context === undefined || type === undefined || !permissions) return undefined;
  const v1 = V1_PERMISSIONS[permissions];
  if (query !== '' && (v1 !== undefined || !isGranularQuery(query))) return undefined;
  return {
    kind: 'resource',
    context: context as ScopeContext,
    type,
    permissions: v1 ?? permissions,
    query,
    syntax: v1 === undefined ? 'v2' : 'v1',
  };
}

/** Parses a space-separated scope list (RFC 6749 §3.3). Returns unknown scopes separately, and each scope once. */
export function parseScopes(text: string): { readonly scopes: readonly Scope[]; readonly unknown: readonly string[] } {
  const scopes: Scope[] = [];
  const unknown: string[] = [];
  for (const word of new Set(text.split(/\s+/).filter(Boolean))) {
    const scope = parseScope(word);
    if (scope === undefined) unknown.push(word);
    else scopes.push(scope);
  }
  return { scopes, unknown };
}

/** Serializes a scope in the syntax (SMART v1 or v2) in which it was requested. */
export function printScope(scope: Scope): string {
  if (scope.kind === 'named') return scope.name;
  const word = scope.syntax === 'v1' ? toV1Permission(scope) : undefined;
  const query = scope.query === '' ? '' : `?${scope.query}`;
  return `${scope.context}/${scope.type}.${word ?? scope.permissions}${query}`;
}

/** Serializes scopes as a space-separated list without duplicates. RFC 6749 §3.3 */
export const printScopes = (scopes: readonly Scope[]): string => [...new Set(scopes.map(printScope))].join(' ');

/**
 * Converts a scope to the syntax of SMART v1 or v2. Scopes that v1 can't express stay in v2. SMART App Launch 2.2
 * §3.0.2.1
 */
export function toSyntax(scope: Scope, syntax: ScopeSyntax): Scope {
  if (scope.kind === 'named' || scope.syntax === syntax) return scope;
  return withValidSyntax({ ...scope, syntax });
}

/**
 * Restricts a resource scope to the given permissions. Returns undefined if the scope has none of them. A scope without
 * a resource type, such as `openid`, is returned unchanged.
 */
export function restrictPermissions(scope: Scope, letters: string): Scope | undefined {
  if (scope.kind === 'named') return scope;
  const permissions = commonPermissions(scope.permissions, letters);
  return permissions === '' ? undefined : withValidSyntax({ ...scope, permissions });
}

/** Tells whether scope `a` allows everything that scope `b` allows. */
export function covers(a: Scope, b: Scope): boolean {
  if (a.kind === 'named' || b.kind === 'named') return a.kind === 'named' && b.kind === 'named' && a.name === b.name;
  return (
    a.context === b.context &&
    (a.type === '*' || a.type === b.type) &&
    commonPermissions(a.permissions, b.permissions) === b.permissions &&
    queryCovers(a.query, b.query)
  );
}

/**
 * Returns the scope that allows what both `a` and `b` allow, in the syntax of `a`. Returns undefined if they have
 * nothing in common.
 */
export function intersectScope(a: Scope, b: Scope): Scope | undefined {
  if (a.kind === 'named' || b.kind === 'named') return covers(a, b) ? a : undefined;
  if (a.context !== b.context) return undefined;
  if (a.type !== '*' && b.type !== '*' && a.type !== b.type) return undefined;
  const permissions = commonPermissions(a.permissions, b.permissions);
  if (permissions === '') return undefined;
  return withValidSyntax({
    ...a,
    type: a.type === '*' ? b.type : a.type,
    permissions,
    query: intersectQueries(a.query, b.query),
  });
}

/**
 * Intersects each requested scope with each granted scope. The results are in the syntax and order of the request. A
 * result that another result covers is left out.
 */
export function intersectScopes(requested: readonly Scope[], granted: readonly Scope[]): readonly Scope[] {
  return uniqueScopes(
    requested.flatMap((a) => (granted.some((b) => covers(b, a)) ? [a] : removeCovered(intersectWithEach(a, granted)))),
  );
}

const intersectWithEach = (a: Scope, granted: readonly Scope[]): readonly Scope[] =>
  uniqueScopes(granted.map((b) => intersectScope(a, b)).filter((scope) => scope !== undefined));

/** Removes scopes that another scope covers. The first of several equivalent scopes stays. */
const removeCovered = (scopes: readonly Scope[]): readonly Scope[] =>
  scopes.filter(
    (scope, i) => !scopes.some((other, j) => i !== j && covers(other, scope) && (j < i || !covers(scope, other))),
  );

/** Removes duplicate scopes. The first occurrence stays. */
export function uniqueScopes(scopes: readonly Scope[]): readonly Scope[] {
  const seen = new Map<string, Scope>();
  for (const scope of scopes) {
    const text = printScope(scope);
    if (!seen.has(text)) seen.set(text, scope);
  }
  return [...seen.values()];
}

/** Tells whether the granted scopes together allow everything that the requested scopes allow. */
export const coversAll = (granted: readonly Scope[], requested: readonly Scope[]): boolean =>
  requested.every((scope) => granted.some((other) => covers(other, scope)) || permissionsCovered(granted, scope));

/**
 * Tells whether several scopes together cover one. For example, `patient/Observation.r` and `patient/Observation.s`
 * cover `patient/Observation.rs`.
 */
function permissionsCovered(granted: readonly Scope[], scope: Scope): boolean {
  if (scope.kind === 'named') return false;
  return [...scope.permissions].every((letter) =>
    granted.some((other) => covers(other, { ...scope, permissions: letter })),
  );
}

/** Tells whether a list contains a scope without a resource type, such as `openid`. */
export const hasNamedScope = (scopes: readonly Scope[], name: NamedScopeName): boolean =>
  scopes.some((scope) => scope.kind === 'named' && scope.name === name);

/** Returns the scopes for resource types, such as `patient/Observation.rs`, without others such as `openid`. */
export const resourceScopes = (scopes: readonly Scope[]): readonly ResourceScope[] =>
  scopes.filter((scope) => scope.kind === 'resource');

const commonPermissions = (a: string, b: string): string =>
  [...PERMISSION_ORDER].filter((letter) => a.includes(letter) && b.includes(letter)).join('');

function toV1Permission({ permissions, query }: ResourceScope): string | undefined {
  return query === '' ? Object.entries(V1_PERMISSIONS).find(([, letters]) => letters === permissions)?.[0] : undefined;
}

/**
 * Sets the syntax of a scope to v2 if SMART v1 can't express the scope. The scope is then the same after it is
 * serialized and parsed again.
 */
const withValidSyntax = (scope: ResourceScope): ResourceScope =>
  scope.syntax === 'v1' && toV1Permission(scope) === undefined ? { ...scope, syntax: 'v2' } : scope;
