/** What a resource scope is about: one patient's record, what a person at a practice sees, or a whole system. */
export type ScopeContext = 'patient' | 'user' | 'system';
/** create, read, update, delete, search: SMART App Launch 2.2 §3.0.2 */
export type Permission = 'c' | 'r' | 'u' | 'd' | 's';

export interface ResourceScope {
  readonly kind: 'resource';
  readonly context: ScopeContext;
  /** A resource type, or `*`. */
  readonly type: string;
  /** Letters of `cruds` in that order, at least one. */
  readonly permissions: string;
  /** Granular part after `?`, parameters sorted; empty when there is none. */
  readonly query: string;
  /** The syntax it was written in, kept so that an answer speaks the client's language. */
  readonly syntax: 'v1' | 'v2';
}

export type NamedScopeName = (typeof NAMED)[number];
export interface NamedScope {
  readonly kind: 'named';
  readonly name: NamedScopeName;
}
export type Scope = ResourceScope | NamedScope;

const NAMED = [
  'openid',
  'fhirUser',
  'profile',
  'launch',
  'launch/patient',
  'launch/encounter',
  'offline_access',
  'online_access',
] as const;
const ORDER = 'cruds';
const V1: Readonly<Record<string, string>> = { read: 'rs', write: 'cud', '*': 'cruds' };
const SHAPE = /^(patient|user|system)\/(\*|[A-Z][A-Za-z]*)\.(read|write|\*|c?r?u?d?s?)(?:\?([^\p{Cc}]+))?$/u;

/** Reads one scope; undefined when it is none that this grammar knows. SMART App Launch 2.2 §3.0.2 */
export function parseScope(text: string): Scope | undefined {
  const name = NAMED.find((candidate) => candidate === text);
  if (name !== undefined) return { kind: 'named', name };
  const [, context, type, permissions, query] = SHAPE.exec(text) ?? [];
  if (context === undefined || type === undefined || !permissions) return undefined;
  const v1 = V1[permissions];
  if (v1 !== undefined && query !== undefined) return undefined;
  return {
    kind: 'resource',
    context: context as ScopeContext,
    type,
    permissions: v1 ?? permissions,
    query: query === undefined ? '' : sortedQuery(query),
    syntax: v1 === undefined ? 'v2' : 'v1',
  };
}

/** Reads a space-separated list; what is not understood is set aside, doubles are dropped. RFC 6749 §3.3 */
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

export function printScope(scope: Scope): string {
  if (scope.kind === 'named') return scope.name;
  const query = scope.query === '' ? '' : `?${scope.query}`;
  return `${scope.context}/${scope.type}.${printPermissions(scope)}${query}`;
}

export const printScopes = (scopes: readonly Scope[]): string => [...new Set(scopes.map(printScope))].join(' ');

/** Whether holding `a` allows all that `b` allows. */
export function covers(a: Scope, b: Scope): boolean {
  if (a.kind === 'named' || b.kind === 'named') return a.kind === 'named' && b.kind === 'named' && a.name === b.name;
  return (
    a.context === b.context &&
    (a.type === '*' || a.type === b.type) &&
    [...b.permissions].every((letter) => a.permissions.includes(letter)) &&
    (a.query === '' || a.query === b.query)
  );
}

/** What both allow, in the words of `a`; undefined when that is nothing. */
export function meet(a: Scope, b: Scope): Scope | undefined {
  if (a.kind === 'named' || b.kind === 'named') return covers(a, b) ? a : undefined;
  if (a.context !== b.context) return undefined;
  if (a.type !== '*' && b.type !== '*' && a.type !== b.type) return undefined;
  if (a.query !== '' && b.query !== '' && a.query !== b.query) return undefined;
  const permissions = [...ORDER].filter((c) => a.permissions.includes(c) && b.permissions.includes(c)).join('');
  if (permissions === '') return undefined;
  return { ...a, type: a.type === '*' ? b.type : a.type, permissions, query: a.query || b.query };
}

/**
 * What is allowed of what was asked: each asked scope met with each that is held, in the words of the asked. A part that
 * another part covers is left out. Order of the asked is kept.
 */
export function intersect(asked: readonly Scope[], held: readonly Scope[]): readonly Scope[] {
  const parts = asked.flatMap((a) => {
    const met = held.map((b) => meet(a, b)).filter((scope) => scope !== undefined);
    return met.filter(
      (scope, i) => !met.some((other, j) => i !== j && covers(other, scope) && !(covers(scope, other) && j > i)),
    );
  });
  const seen = new Set<string>();
  return parts.filter((scope) => {
    const text = printScope(scope);
    return seen.has(text) ? false : seen.add(text);
  });
}

/** Whether `held`, taken together, allows all that `asked` allows. */
export const coversAll = (held: readonly Scope[], asked: readonly Scope[]): boolean =>
  asked.every((scope) => held.some((other) => covers(other, scope)) || lettersCovered(held, scope));

/** One scope may be covered by several together: `patient/Observation.r` and `.s` cover `.rs`. */
function lettersCovered(held: readonly Scope[], scope: Scope): boolean {
  if (scope.kind === 'named') return false;
  return [...scope.permissions].every((letter) =>
    held.some((other) => covers(other, { ...scope, permissions: letter })),
  );
}

/**
 * The same scopes without some resource types: a wildcard becomes a list of the types that are left.
 * @param allTypes every type the server serves, what a wildcard stands for
 */
export function withoutTypes(
  scopes: readonly Scope[],
  denied: readonly string[],
  allTypes: readonly string[],
): readonly Scope[] {
  if (denied.length === 0) return scopes;
  return scopes.flatMap((scope): readonly Scope[] => {
    if (scope.kind === 'named') return [scope];
    if (scope.type !== '*') return denied.includes(scope.type) ? [] : [scope];
    return allTypes.filter((type) => !denied.includes(type)).map((type) => ({ ...scope, type }));
  });
}

export const hasNamed = (scopes: readonly Scope[], name: NamedScopeName): boolean =>
  scopes.some((scope) => scope.kind === 'named' && scope.name === name);

export const resourceScopes = (scopes: readonly Scope[]): readonly ResourceScope[] =>
  scopes.filter((scope) => scope.kind === 'resource');

function printPermissions(scope: ResourceScope): string {
  if (scope.syntax === 'v2' || scope.query !== '') return scope.permissions;
  return Object.entries(V1).find(([, letters]) => letters === scope.permissions)?.[0] ?? scope.permissions;
}

const sortedQuery = (query: string): string => query.split('&').sort().join('&');
