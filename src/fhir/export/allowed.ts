import { coversAll, type Grant, parseScopes, type ResourceScope, resourceScopes } from '../../access/index.ts';
import type { ExportJob } from './job.ts';

/** What an export is made of: reading and searching. */
const READS = /[rs]/;

/**
 * Whether a grant still covers what a job was started with: each practice, and each scope that a type's file came of. What
 * Provenance tells depends on all of them (docs/decisions/013).
 * @param type as served; undefined: of all types
 */
export function stillAllows(grant: Grant, { scope, practices }: ExportJob, type?: string): boolean {
  if (!practices.every((practice) => grant.practices.includes(practice))) return false;
  const whole = type === undefined || type === 'Provenance';
  const held = resourceScopes(parseScopes(scope).scopes).filter(({ permissions }) => READS.test(permissions));
  const needed = whole ? held : held.filter((one) => one.type === '*' || one.type === type).map(named(type));
  return needed.length > 0 && coversAll(grant.scopes, needed);
}

const named =
  (type: string) =>
  (scope: ResourceScope): ResourceScope => ({ ...scope, type });
