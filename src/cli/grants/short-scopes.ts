import { type ResourceScope, resourceScopes, type Scope } from '../../access/index.ts';

const MAX_NAMED = 3;

/**
 * Short text for a table column: the types without their permissions, such as `Patient, Observation (part) and 4 more`.
 */
export function shortScopes(scopes: readonly Scope[]): string {
  if (scopes.length === 0) return '';
  const resources = resourceScopes(scopes);
  const names = [...new Set(resources.map((scope) => scopeName(scope, resources)))];
  if (names.length === 0) return 'no data';
  const more = names.length - MAX_NAMED;
  return more > 0 ? `${names.slice(0, MAX_NAMED).join(', ')} and ${more} more` : names.join(', ');
}

/** A granular scope isn't marked as partial if the whole type is granted as well. */
function scopeName({ context, type, query }: ResourceScope, all: readonly ResourceScope[]): string {
  const hasWholeType = all.some((other) => other.context === context && other.type === type && other.query === '');
  const named = type === '*' ? 'all' : type;
  const qualified = context === 'patient' ? named : `${context}/${named}`;
  return query === '' || hasWholeType ? qualified : `${qualified} (part)`;
}
