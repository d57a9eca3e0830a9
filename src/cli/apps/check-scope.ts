import { parseScopes, printScope, type Scope } from '../../access/index.ts';
import type { AppKind } from '../../domain/index.ts';
import { OperatorError } from '../../kernel/index.ts';
import { findGrantableScopes } from '../../oauth/index.ts';
import { SERVED_TYPES } from '../served-types.ts';

/**
 * Checks the scopes of an app.
 * @returns warnings about scopes that can be granted only in part
 * @throws OperatorError if no part of a scope can be granted: an app with only such scopes could never be authorized
 */
export function checkScope(kind: AppKind, text: string): readonly string[] {
  const scopes = parseScopes(text).scopes.map((scope) => ({ scope, granted: grantableScope(kind, scope) }));
  const ungrantable = scopes
    .filter(({ granted }) => granted === undefined)
    .map(({ scope }) => ungrantableReason(scope));
  if (ungrantable.length > 0)
    throw new OperatorError(`This server can't grant these scopes: ${ungrantable.join(', ')}. Leave them out.`);
  return scopes
    .map(({ scope, granted = '' }) => ({ requested: printScope(scope), granted }))
    .filter(({ requested, granted }) => requested !== granted)
    .map(({ requested, granted }) => `This server grants only ${granted} of ${requested}.`);
}

function grantableScope(kind: AppKind, scope: Scope): string | undefined {
  const [granted] = findGrantableScopes(undefined, printScope(scope), SERVED_TYPES, { kind, launch: true });
  return granted === undefined ? undefined : printScope(granted);
}

function ungrantableReason(scope: Scope): string {
  const text = printScope(scope);
  if (scope.kind === 'named') return text;
  const { type } = scope;
  const served = type === '*' || SERVED_TYPES.names.includes(type) || Object.hasOwn(SERVED_TYPES.aliases, type);
  return served ? `${text} (the search after the ? isn't supported)` : `${text} (the type ${type} isn't supported)`;
}
