import { type ResourceScope, resourceScopes, type Scope } from '../access/index.ts';

const MOST_NAMED = 3;

/** For a column: the types, without the letters. `Patient, Observation (part) and 4 more` */
export function scopesInShort(scopes: readonly Scope[]): string {
  if (scopes.length === 0) return '';
  const about = resourceScopes(scopes);
  const names = [...new Set(about.map((scope) => nameOf(scope, about)))];
  if (names.length === 0) return 'no data';
  const more = names.length - MOST_NAMED;
  return more > 0 ? `${names.slice(0, MOST_NAMED).join(', ')} and ${more} more` : names.join(', ');
}

/** A part is no part where the whole is there as well. */
function nameOf({ context, type, query }: ResourceScope, all: readonly ResourceScope[]): string {
  const whole = all.some((other) => other.context === context && other.type === type && other.query === '');
  const named = type === '*' ? 'all' : type;
  const whose = context === 'patient' ? named : `${context}/${named}`;
  return query === '' || whole ? whose : `${whose} (part)`;
}
