import { printScopes } from '../access/index.ts';
import { openTrail } from '../audit/index.ts';
import type { Executor } from '../database/index.ts';
import { systemClock as clock, isUuid, OperatorFault, systemRandom as random } from '../kernel/index.ts';
import { endGrant, type ListedGrant, listGrants, liveAccess } from '../oauth/index.ts';
import { findAccount, requireUsername } from '../people/index.ts';
import { recordsOfPatient } from '../practices/index.ts';
import { findApp } from '../registry/index.ts';
import { oneOf } from './apps-words.ts';
import { readArguments, UsageError } from './arguments.ts';
import { answer, type CommandInput, table } from './command.ts';
import { stateOf } from './grant-state.ts';
import { scopesInShort } from './scopes-in-short.ts';
import { SERVED } from './served.ts';
import { withInstallation } from './with-installation.ts';

export async function grantsList(input: CommandInput): Promise<number> {
  const options = { username: { type: 'string' }, client: { type: 'string' }, patient: { type: 'string' } } as const;
  const { values } = readArguments(input.arguments, options, []);
  if (values.patient !== undefined && !isUuid(values.patient)) throw new OperatorFault('A patient id is a UUID.');
  const username = values.username === undefined ? undefined : requireUsername(values.username);
  const filter = { username, clientId: values.client, patientId: values.patient?.toLowerCase() };
  const now = clock.now();
  const { provisionalApps } = input.config;
  const grants = await withInstallation(input, async ({ db }) => {
    const matching = await listGrants(db, filter);
    if (matching.length === 0) await requireKnown(db, filter);
    const ids = matching.map(({ grant_id }) => grant_id);
    const lives = await liveAccess({ db, types: SERVED }, now, ids);
    return matching.map((grant) => {
      const live = lives.get(grant.grant_id);
      const state = stateOf({ grant, live, now, provisionalApps });
      const ends = live === undefined ? grant.expires_at : (live.ends ?? null);
      return { grant, state, ends, scopes: live?.scopes ?? [] };
    });
  });
  answer(input, grants.map(asJson), table(HEADER, grants.map(asRow)));
  return 0;
}

export async function grantsEnd(input: CommandInput): Promise<number> {
  const options = { by: { type: 'string' }, reason: { type: 'string' } } as const;
  const { values, positionals } = readArguments(input.arguments, options, ['GRANT_ID']);
  const [grantId] = positionals;
  const by = oneOf('by', values.by, ['patient', 'staff']);
  if (by === undefined) throw new UsageError('--by is missing.');
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
      await openTrail({ db, clock, random }).recordWithin(tx, event);
      return endedGrant;
    }),
  );
  if (ended === undefined) {
    throw new OperatorFault(
      `There is no grant ${grantId} of a person that could be ended: see grants list. A backend app is suspended with apps set-state.`,
    );
  }
  answer(input, { grant_id: grantId, ended: true }, `${grantId} is ended. No token of it works any more.`);
  return 0;
}

/**
 * Rejects an unknown username, app or patient, because an empty table would wrongly say that nothing was authorized.
 */
async function requireKnown(db: Executor, filter: Parameters<typeof listGrants>[1]): Promise<void> {
  const { username, clientId, patientId } = filter;
  if (username !== undefined && (await findAccount(db, username)) === undefined)
    throw new OperatorFault(`There is no account with the username ${username}.`);
  if (clientId !== undefined && (await findApp(db, clock, clientId)) === undefined)
    throw new OperatorFault(`There is no app with the client_id ${clientId}.`);
  if (patientId !== undefined && (await recordsOfPatient(db, patientId)).length === 0)
    throw new OperatorFault(`No patient with the id ${patientId} is loaded. "patients list" shows who is.`);
}

interface Told {
  readonly grant: ListedGrant;
  readonly state: string;
  readonly ends: Date | null;
  readonly scopes: Parameters<typeof scopesInShort>[0];
}

const HEADER = ['grant_id', 'who', 'app', 'patient', 'practice', 'may see', 'granted', 'until', 'state'];

const asRow = ({ grant, state, ends, scopes }: Told): readonly string[] => [
  grant.grant_id,
  grant.username ?? '(backend)',
  grant.app,
  grant.patient_id ?? '',
  grant.practice ?? '',
  scopesInShort(scopes),
  grant.granted_at.toISOString(),
  ends?.toISOString() ?? (grant.families_kept ? 'until stopped' : ''),
  state,
];

const asJson = ({ grant, state, ends, scopes }: Told) => ({
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
