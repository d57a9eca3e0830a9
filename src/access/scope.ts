import { isGranular, joinQueries, queryCovers } from './granular.ts';

/** What a resource scope is about: one patient's record, what a person at a practice sees, or a whole system. */
export type ScopeContext = 'patient' | 'user' | 'system';
/** create, read, update, delete, search: SMART App Launch 2.2 §3.0.2 */
export type Permission = 'c' | 'r' | 'u' | 'd' | 's';

export type ScopeSyntax = 'v1' | 'v2';

export interface ResourceScope {
  readonly kind: 'resource';
  readonly context: ScopeContext;
  /** A resource type, or `*`. */
  readonly type: string;
  /** Letters of `cruds` in that order, at least one. */
  readonly permissions: string;
  /** Granular part after `?`, as it was written; empty when there is none. */
  readonly query: string;
  /** The syntax it was written in, kept so that an answer speaks the client's language. v1 can't say everything. */
  readonly syntax: ScopeSyntax;
}

export type NamedScopeName = (typeof NAMED)[number];
export interface NamedScope {
  readonly kind: 'named';
  readonly name: NamedScopeName;
}
export type Scope = ResourceScope | NamedScope;
export { type GranularParameter, parametersOf, printParameters } from './granular.ts';

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
const SHAPE = /^(patient|user|system)\/(\*|[A-Z][A-Za-z]*)\.(read|write|\*|c?r?u?d?s?)(?:\?(.+))?$/u;

/** Reads one scope; undefined when it is none that this grammar knows. SMART App Launch 2.2 §3.0.2 */
export function parseScope(text: string): Scope | undefined {
  const name = NAMED.find((candidate) => candidate === text);
  if (name !== undefined) return { kind: 'named', name };
  const [, context, type, permissions, query = ''] = SHAPE.exec(text) ?? [];
  if (context === undefined || type === undefined || !permissions) return undefined;
  const v1 = V1[permissions];
  if (query !== '' && (v1 !== undefined || !isGranular(query))) return undefined;
  return {
    kind: 'resource',
    context: context as ScopeContext,
    type,
    permissions: v1 ?? permissions,
    query,
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
  const word = scope.syntax === 'v1' ? v1Word(scope) : undefined;
  const query = scope.query === '' ? '' : `?${scope.query}`;
  return `${scope.context}/${scope.type}.${word ?? scope.permissions}${query}`;
}

export const printScopes = (scopes: readonly Scope[]): string => [...new Set(scopes.map(printScope))].join(' ');

/** The same in another syntax: what v1 has no word for stays v2. SMART App Launch 2.2 §3.0.2.1 */
export function inSyntax(scope: Scope, syntax: ScopeSyntax): Scope {
  if (scope.kind === 'named' || scope.syntax === syntax) return scope;
  return spelled({ ...scope, syntax });
}

/** What of the scope is about these letters; undefined when that is nothing. */
export function onlyLetters(scope: Scope, letters: string): Scope | undefined {
  if (scope.kind === 'named') return scope;
  const permissions = common(scope.permissions, letters);
  return permissions === '' ? undefined : spelled({ ...scope, permissions });
}

/** Whether holding `a` allows all that `b` allows. */
export function covers(a: Scope, b: Scope): boolean {
  if (a.kind === 'named' || b.kind === 'named') return a.kind === 'named' && b.kind === 'named' && a.name === b.name;
  return (
    a.context === b.context &&
    (a.type === '*' || a.type === b.type) &&
    common(a.permissions, b.permissions) === b.permissions &&
    queryCovers(a.query, b.query)
  );
}

/** What both allow, in the words of `a`; undefined when that is nothing. */
export function meet(a: Scope, b: Scope): Scope | undefined {
  if (a.kind === 'named' || b.kind === 'named') return covers(a, b) ? a : undefined;
  if (a.context !== b.context) return undefined;
  if (a.type !== '*' && b.type !== '*' && a.type !== b.type) return undefined;
  const permissions = common(a.permissions, b.permissions);
  if (permissions === '') return undefined;
  return spelled({
    ...a,
    type: a.type === '*' ? b.type : a.type,
    permissions,
    query: joinQueries(a.query, b.query),
  });
}

/**
 * What is allowed of what was asked: each asked scope met with each that is held, in the words of the asked. A part that
 * another part covers is left out. Order of the asked is kept.
 */
export function intersect(asked: readonly Scope[], held: readonly Scope[]): readonly Scope[] {
  return distinct(asked.flatMap((a) => (held.some((b) => covers(b, a)) ? [a] : largest(parts(a, held)))));
}

const parts = (a: Scope, held: readonly Scope[]): readonly Scope[] =>
  distinct(held.map((b) => meet(a, b)).filter((scope) => scope !== undefined));

/** Those that no other covers; of several that say the same, the first. */
const largest = (scopes: readonly Scope[]): readonly Scope[] =>
  scopes.filter(
    (scope, i) => !scopes.some((other, j) => i !== j && covers(other, scope) && (j < i || !covers(scope, other))),
  );

export function distinct(scopes: readonly Scope[]): readonly Scope[] {
  const seen = new Map<string, Scope>();
  for (const scope of scopes) {
    const text = printScope(scope);
    if (!seen.has(text)) seen.set(text, scope);
  }
  return [...seen.values()];
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

export const hasNamed = (scopes: readonly Scope[], name: NamedScopeName): boolean =>
  scopes.some((scope) => scope.kind === 'named' && scope.name === name);

export const resourceScopes = (scopes: readonly Scope[]): readonly ResourceScope[] =>
  scopes.filter((scope) => scope.kind === 'resource');

const common = (a: string, b: string): string =>
  [...ORDER].filter((letter) => a.includes(letter) && b.includes(letter)).join('');

function v1Word({ permissions, query }: ResourceScope): string | undefined {
  return query === '' ? Object.entries(V1).find(([, letters]) => letters === permissions)?.[0] : undefined;
}

/** What can't be said in v1 is v2, so that printing and reading again changes nothing. */
const spelled = (scope: ResourceScope): ResourceScope =>
  scope.syntax === 'v1' && v1Word(scope) === undefined ? { ...scope, syntax: 'v2' } : scope;
