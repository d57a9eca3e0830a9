import { printScopes, type ResourceScope, resourceScopes, type Scope } from '../../access/index.ts';
import { findApp } from '../../apps/index.ts';
import { createAuditLog } from '../../audit/index.ts';
import type { Executor } from '../../database/index.ts';
import { findAccountByUsername, requireValidUsername } from '../../identity/index.ts';
import { systemClock as clock, isUuid, OperatorError, systemRandom as random } from '../../kernel/index.ts';
import { endGrant, findActiveAccess, type ListedGrant, listGrants } from '../../oauth/index.ts';
import { findRecordsByPatientId } from '../../practices/index.ts';
import { type CommandInput, formatTable, printResult } from '../command.ts';
import type { CommandArguments } from '../definition.ts';
import type { GRANTS_END, GRANTS_LIST } from '../definitions/apps.ts';
import { SERVED_TYPES } from '../served-types.ts';
import { withInstallation } from '../with-installation.ts';
import { grantState } from './grant-state.ts';

export async function listGrantsCommand(
  input: CommandInput,
  { values }: CommandArguments<typeof GRANTS_LIST>,
): Promise<number> {
  if (values.patient !== undefined && !isUuid(values.patient))
    throw new OperatorError('--patient must be a UUID. To list patient ids, run patients list.');
  const username = values.username === undefined ? undefined : requireValidUsername(values.username);
  const filter = { username, clientId: values.client, patientId: values.patient?.toLowerCase() };
  const now = clock.now();
  const { provisionalApps } = input.config;
  const grants = await withInstallation(input, async ({ db }) => {
    const matching = await listGrants(db, filter);
    if (matching.length === 0) await requireKnown(db, filter);
    const ids = matching.map(({ grant_id }) => grant_id);
    const lives = await findActiveAccess({ db, types: SERVED_TYPES }, now, ids);
    return matching.map((grant) => {
      const live = lives.get(grant.grant_id);
      const state = grantState({ grant, live, now, provisionalApps });
      const ends = live === undefined ? grant.expires_at : (live.ends ?? null);
      return { grant, state, ends, scopes: live?.scopes ?? [] };
    });
  });
  printResult(input, grants.map(toJson), formatTable(HEADER, grants.map(toRow)));
  return 0;
}

export async function endGrantCommand(
  input: CommandInput,
  { values, positionals }: CommandArguments<typeof GRANTS_END>,
): Promise<number> {
  const [grantId] = positionals;
  const { by } = values;
  const ended = await withInstallation(input, ({ db }) =>
    db.transaction(async (tx) => {
      const endedGrant = isUuid(grantId) ? await endGrant(tx, clock.now(), grantId, by) : undefined;
      if (endedGrant === undefined) return undefined;
      const detail = { action: 'end', asked: by, reason: values.reason ?? null, by: 'command line' };
      const event = {
        kind: 'revocation',
        outcome: 'success',
        grantId: grantId as never,
        ...endedGrant,
        detail,
      } as const;
      await createAuditLog({ db, clock, random }).appendInTransaction(tx, event);
      return endedGrant;
    }),
  );
  if (ended === undefined) {
    throw new OperatorError(
      `No active grant with the id ${grantId}. To list grants, run grants list. To stop a backend app, suspend it with apps set-state.`,
    );
  }
  printResult(input, { grant_id: grantId, ended: true }, `${grantId} has ended. Its tokens no longer work.`);
  return 0;
}

/**
 * Throws OperatorError for an unknown username, app or patient, because an empty table would wrongly say that nothing
 * was authorized.
 */
async function requireKnown(db: Executor, filter: Parameters<typeof listGrants>[1]): Promise<void> {
  const { username, clientId, patientId } = filter;
  if (username !== undefined && (await findAccountByUsername(db, username)) === undefined)
    throw new OperatorError(`There is no account with the username ${username}.`);
  if (clientId !== undefined && (await findApp(db, clock, clientId)) === undefined)
    throw new OperatorError(`There is no app with the client_id ${clientId}.`);
  if (patientId !== undefined && (await findRecordsByPatientId(db, patientId)).length === 0)
    throw new OperatorError(`No patient with the id ${patientId} is loaded. To list patients, run patients list.`);
}

interface GrantListing {
  readonly grant: ListedGrant;
  readonly state: string;
  readonly ends: Date | null;
  readonly scopes: Parameters<typeof shortScopes>[0];
}

const HEADER = ['grant_id', 'who', 'app', 'patient', 'practice', 'data', 'granted', 'ends', 'state'];

const toRow = ({ grant, state, ends, scopes }: GrantListing): readonly string[] => [
  grant.grant_id,
  grant.username ?? '(backend)',
  grant.app,
  grant.patient_id ?? '',
  grant.practice ?? '',
  shortScopes(scopes),
  grant.granted_at.toISOString(),
  ends?.toISOString() ?? (grant.families_kept ? 'no end date' : ''),
  state,
];

const toJson = ({ grant, state, ends, scopes }: GrantListing) => ({
  grant_id: grant.grant_id,
  subject: grant.subject,
  client_id: grant.client_id,
  app: grant.app,
  username: grant.username,
  patient_id: grant.patient_id,
  practice: grant.practice,
  scope: printScopes(scopes),
  granted_at: grant.granted_at,
  expires_at: ends,
  revoked_at: grant.revoked_at,
  ended_by: grant.ended_by,
  state,
});

const MAX_NAMED = 3;

/**
 * Formats scopes for a table column: resource types without permissions, such as `Patient, Observation (part) and 4
 * more`.
 */
function shortScopes(scopes: readonly Scope[]): string {
  if (scopes.length === 0) return '';
  const resources = resourceScopes(scopes);
  const names = [...new Set(resources.map((scope) => scopeName(scope, resources)))];
  if (names.length === 0) return 'no data';
  const more = names.length - MAX_NAMED;
  return more > 0 ? `${names.slice(0, MAX_NAMED).join(', ')} and ${more} more` : names.join(', ');
}

/**
 * Returns the name of a scope's resource type. A granular scope gets the addition `(part)`, unless another scope covers
 * the whole type.
 */
function scopeName({ context, type, query }: ResourceScope, all: readonly ResourceScope[]): string {
  const hasWholeType = all.some((other) => other.context === context && other.type === type && other.query === '');
  const named = type === '*' ? 'all' : type;
  const qualified = context === 'patient' ? named : `${context}/${named}`;
  return query === '' || hasWholeType ? qualified : `${qualified} (part)`;
}
