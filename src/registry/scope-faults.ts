import {
  LONGEST_SCOPES,
  MOST_GRANULAR,
  parseScopes,
  printScope,
  type Scope,
  tooMuchToAsk,
  tooMuchToRegister,
} from '../access/index.ts';
import type { AppKind } from './app.ts';
import { type Fault, type FaultCode, fault } from './fault.ts';

/** Returns the errors in the scopes of an app, including scopes that an app of this kind could never be granted. */
export function scopeFaults(kind: AppKind, text: string): readonly Fault[] {
  const { scopes, unknown } = parseScopes(text);
  return [
    ...(unknown.length === 0 ? [] : [unknownScopes(unknown.join(' '))]),
    ...tooMuch(text),
    ...(scopes.length === 0 ? [fault('scopes-missing', 'An app needs at least one scope.')] : []),
    ...unfit(kind, scopes),
  ];
}

const unknownScopes = (scopes: string): Fault => fault('scopes-unknown', `These are no scopes: ${scopes}.`, { scopes });

function tooMuch(text: string): readonly Fault[] {
  const message = tooMuchToRegister(text);
  if (message === undefined) return [];
  return message === tooMuchToAsk(text)
    ? [fault('scopes-too-long', message, { most: String(LONGEST_SCOPES) })]
    : [fault('scopes-too-granular', message, { most: String(MOST_GRANULAR) })];
}

/** Scopes that an app of this kind is never granted, grouped by reason. */
function unfit(kind: AppKind, scopes: readonly Scope[]): readonly Fault[] {
  const wrong = scopes.map((scope) => ({ scope, code: obstacle(kind, scope) }));
  return (Object.keys(REASONS) as Obstacle[]).flatMap((code) => {
    const named = wrong.filter((one) => one.code === code).map(({ scope }) => printScope(scope));
    if (named.length === 0) return [];
    return [fault(code, `${REASONS[code]} Leave out: ${named.join(' ')}.`, { scopes: named.join(' ') })];
  });
}

const REASONS = {
  'scopes-need-person': 'Nobody signs in to a backend app: it has system/ scopes only.',
  'scopes-not-read':
    'A scope must allow reading (r) or searching (s). Only a backend app writes, and whole types alone.',
  'scopes-not-system': 'A backend app has system/ scopes only.',
  'scopes-for-backend': 'system/ scopes are for backend apps.',
  'scopes-for-staff': 'user/ scopes are for staff apps.',
} as const satisfies Partial<Record<FaultCode, string>>;
type Obstacle = keyof typeof REASONS;

function obstacle(kind: AppKind, scope: Scope): Obstacle | undefined {
  if (scope.kind === 'named') return kind === 'backend' ? 'scopes-need-person' : undefined;
  const writes = kind === 'backend' && scope.context === 'system' && scope.query === '';
  if (!writes && !/[rs]/.test(scope.permissions)) return 'scopes-not-read';
  if (kind === 'backend') return scope.context === 'system' ? undefined : 'scopes-not-system';
  if (scope.context === 'system') return 'scopes-for-backend';
  return scope.context === 'user' && kind === 'patient' ? 'scopes-for-staff' : undefined;
}
