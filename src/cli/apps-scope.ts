import { parseScopes, printScope, type Scope } from '../access/index.ts';
import { OperatorFault } from '../kernel/index.ts';
import { grantable } from '../oauth/index.ts';
import type { AppKind } from '../registry/index.ts';
import { SERVED } from './served.ts';

/**
 * Checks the scopes of an app.
 * @returns warnings for scopes that can only be granted in part
 * @throws OperatorError for a scope of which nothing can be granted, because an app with only such scopes could never
 * be authorized
 */
export function checkScope(kind: AppKind, text: string): readonly string[] {
  const scopes = parseScopes(text).scopes.map((scope) => ({ scope, granted: grantedOf(kind, scope) }));
  const ungrantable = scopes.filter(({ granted }) => granted === undefined).map(({ scope }) => obstacleOf(scope));
  if (ungrantable.length > 0)
    throw new OperatorFault(`This server can grant nothing of these: ${ungrantable.join(', ')}. Leave them out.`);
  return scopes
    .map(({ scope, granted = '' }) => ({ asked: printScope(scope), granted }))
    .filter(({ asked, granted }) => asked !== granted)
    .map(({ asked, granted }) => `Of ${asked} this server grants ${granted} at most.`);
}

function grantedOf(kind: AppKind, scope: Scope): string | undefined {
  const [granted] = grantable(undefined, printScope(scope), SERVED, { kind, launch: true });
  return granted === undefined ? undefined : printScope(granted);
}

function obstacleOf(scope: Scope): string {
  const text = printScope(scope);
  if (scope.kind === 'named') return text;
  const { type } = scope;
  const served = type === '*' || SERVED.names.includes(type) || Object.hasOwn(SERVED.aliases, type);
  return served ? `${text} (what stands after the ? can't be searched by)` : `${text} (there is no ${type} here)`;
}
