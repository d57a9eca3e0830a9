import { parseScopes, printScope, type Scope, tooMuchToRegister } from '../access/index.ts';
import type { AppKind } from './app.ts';

/** What is wrong with the scopes an app wants to register: none may be there that it could never be granted. */
export function scopeFaults(kind: AppKind, text: string): readonly string[] {
  const { scopes, unknown } = parseScopes(text);
  const faults: string[] = [];
  if (unknown.length > 0) faults.push(`These are no scopes: ${unknown.join(' ')}.`);
  const tooMuch = tooMuchToRegister(text);
  if (tooMuch !== undefined) faults.push(tooMuch);
  if (scopes.length === 0) faults.push('An app needs at least one scope.');
  const wrong = scopes.map((scope) => ({ scope, reason: obstacle(kind, scope) }));
  for (const reason of new Set(wrong.map((one) => one.reason).filter((one) => one !== undefined))) {
    const named = wrong.filter((one) => one.reason === reason).map(({ scope }) => printScope(scope));
    faults.push(`${reason} Leave out: ${named.join(' ')}.`);
  }
  return faults;
}

function obstacle(kind: AppKind, scope: Scope): string | undefined {
  if (scope.kind === 'named') {
    return kind === 'backend' ? 'Nobody signs in to a backend app: it has system/ scopes only.' : undefined;
  }
  if (!/[rs]/.test(scope.permissions))
    return 'This server only reads: a scope must allow reading (r) or searching (s).';
  if (kind === 'backend') return scope.context === 'system' ? undefined : 'A backend app has system/ scopes only.';
  if (scope.context === 'system') return 'system/ scopes are for backend apps.';
  if (scope.context === 'user' && kind === 'patient') return 'user/ scopes are for staff apps.';
  return undefined;
}
