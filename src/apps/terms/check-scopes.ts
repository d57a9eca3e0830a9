import {
  checkRegisteredScopes,
  checkRequestedScopeLength,
  MAX_GRANULAR_SCOPES,
  MAX_SCOPE_LENGTH,
  parseScopes,
  printScope,
  type Scope,
} from '../../access/index.ts';
import type { AppKind } from '../../domain/index.ts';
import { type AppIssue, type AppIssueCode, appIssue } from './app-issue.ts';

/**
 * Returns the errors in the scopes of an app. A scope that an app of the given kind could never be
 * granted is an error too.
 */
export function checkAppScopes(kind: AppKind, text: string): readonly AppIssue[] {
  const { scopes, unknown } = parseScopes(text);
  return [
    ...(unknown.length === 0 ? [] : [unknownScopes(unknown.join(' '))]),
    ...checkSize(text),
    ...(scopes.length === 0 ? [appIssue('scopes-missing', 'An app needs at least one scope.')] : []),
    ...checkScopeKinds(kind, scopes),
  ];
}

const unknownScopes = (scopes: string): AppIssue =>
  appIssue('scopes-unknown', `Unknown scopes: ${scopes}.`, { scopes });

function checkSize(text: string): readonly AppIssue[] {
  const message = checkRegisteredScopes(text);
  if (message === undefined) return [];
  return message === checkRequestedScopeLength(text)
    ? [appIssue('scopes-too-long', message, { most: String(MAX_SCOPE_LENGTH) })]
    : [appIssue('scopes-too-granular', message, { most: String(MAX_GRANULAR_SCOPES) })];
}

/** Returns errors for scopes that an app of the given kind is never granted, one error for each reason. */
function checkScopeKinds(kind: AppKind, scopes: readonly Scope[]): readonly AppIssue[] {
  const wrong = scopes.map((scope) => ({ scope, code: scopeIssueCode(kind, scope) }));
  return (Object.keys(REASONS) as ScopeIssueCode[]).flatMap((code) => {
    const named = wrong.filter((one) => one.code === code).map(({ scope }) => printScope(scope));
    if (named.length === 0) return [];
    return [appIssue(code, `${REASONS[code]} Remove: ${named.join(' ')}.`, { scopes: named.join(' ') })];
  });
}

const REASONS = {
  'scopes-need-person': 'A backend app has no user who signs in, so it can have only system/ scopes.',
  'scopes-not-read':
    'A scope must allow reading (r) or searching (s). Only backend apps can write, and only with scopes for whole types.',
  'scopes-not-system': 'A backend app can have only system/ scopes.',
  'scopes-for-backend': 'system/ scopes are only for backend apps.',
  'scopes-for-staff': 'user/ scopes are only for staff apps.',
} as const satisfies Partial<Record<AppIssueCode, string>>;
type ScopeIssueCode = keyof typeof REASONS;

function scopeIssueCode(kind: AppKind, scope: Scope): ScopeIssueCode | undefined {
  if (scope.kind === 'named') return kind === 'backend' ? 'scopes-need-person' : undefined;
  const writes = kind === 'backend' && scope.context === 'system' && scope.query === '';
  if (!writes && !/[rs]/.test(scope.permissions)) return 'scopes-not-read';
  if (kind === 'backend') return scope.context === 'system' ? undefined : 'scopes-not-system';
  if (scope.context === 'system') return 'scopes-for-backend';
  return scope.context === 'user' && kind === 'patient' ? 'scopes-for-staff' : undefined;
}
