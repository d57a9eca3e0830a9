import { type AccessGrant, coversAll, parseScopes, type ResourceScope, resourceScopes } from '../../access/index.ts';
import type { ExportJob } from './export-job.ts';

/** Matches scope permissions with which an app may export: read or search. */
const READ_PERMISSIONS = /[rs]/;

/**
 * Whether a grant still allows what it allowed when an export job was started: every practice of the job, and every
 * scope that contributed to the file of the type. The content of Provenance depends on all scopes (docs/decisions/013).
 * @param type name of a resource type; undefined for all types
 */
export function grantStillCovers(grant: AccessGrant, { scope, practices }: ExportJob, type?: string): boolean {
  if (!practices.every((practice) => grant.practices.includes(practice))) return false;
  const whole = type === undefined || type === 'Provenance';
  const readScopes = resourceScopes(parseScopes(scope).scopes).filter(({ permissions }) =>
    READ_PERMISSIONS.test(permissions),
  );
  const needed = whole
    ? readScopes
    : readScopes.filter((one) => one.type === '*' || one.type === type).map(narrowToType(type));
  return needed.length > 0 && coversAll(grant.scopes, needed);
}

const narrowToType =
  (type: string) =>
  (scope: ResourceScope): ResourceScope => ({ ...scope, type });
