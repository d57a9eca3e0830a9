import { parseArgs } from 'node:util';
import { openTrail } from '../audit/index.ts';
import { systemClock as clock, isUuid, OperatorFault, systemRandom as random } from '../kernel/index.ts';
import { endGrant, type ListedGrant, listGrants } from '../oauth/index.ts';
import { answer, type Command, table } from './command.ts';
import { withInstallation } from './with-installation.ts';

export const grantsList: Command = {
  name: 'grants list',
  usage: 'grants list [--username NAME] [--client CLIENT_ID] [--patient PATIENT_ID]',
  summary: 'List what people let apps do: who, which app, whose record, since when, until when.',
  async run(input) {
    const { values } = parseArgs({
      args: [...input.arguments],
      options: { username: { type: 'string' }, client: { type: 'string' }, patient: { type: 'string' } },
    });
    if (values.patient !== undefined && !isUuid(values.patient)) throw new OperatorFault('A patient id is a UUID.');
    const { username, client: clientId, patient: patientId } = values;
    const wanted = { username: username?.trim().toLowerCase(), clientId, patientId };
    const grants = await withInstallation(input, ({ db }) => listGrants(db, wanted));
    answer(input, grants.map(asJson), table(HEADER, grants.map(asRow)));
    return 0;
  },
};

export const grantsEnd: Command = {
  name: 'grants end',
  usage: 'grants end GRANT_ID --by patient|staff [--reason TEXT]',
  summary: 'End what a person let an app do, as the patient asked; its tokens are refused within a second.',
  async run(input) {
    const { values, positionals } = parseArgs({
      args: [...input.arguments],
      options: { by: { type: 'string', default: 'staff' }, reason: { type: 'string' } },
      allowPositionals: true,
    });
    const [grantId] = positionals;
    const by = values.by === 'patient' || values.by === 'staff' ? values.by : undefined;
    if (grantId === undefined || by === undefined) throw new OperatorFault(`Usage: patient-access ${this.usage}`);
    const ended = await withInstallation(input, ({ db }) =>
      db.transaction(async (tx) => {
        const found = isUuid(grantId) ? await endGrant(tx, clock.now(), grantId, by) : undefined;
        if (found === undefined) return undefined;
        const detail = { action: 'end', asked: by, reason: values.reason ?? null, by: 'command line' };
        const event = { kind: 'revocation', outcome: 'success', grantId: grantId as never, ...found, detail } as const;
        await openTrail({ db, clock, random }).recordWithin(tx, event);
        return found;
      }),
    );
    if (ended === undefined) {
      throw new OperatorFault(
        `There is no grant ${grantId} of a person that could be ended: see grants list. A backend app is suspended with apps set-state.`,
      );
    }
    answer(input, { grant_id: grantId, ended: true }, `${grantId} is ended. No token of it works any more.`);
    return 0;
  },
};

const HEADER = ['grant_id', 'who', 'app', 'patient', 'practice', 'granted', 'until', 'state'];

const stateOf = ({ revoked_at, ended_by, expires_at }: ListedGrant): string => {
  if (revoked_at !== null) return `ended by ${ended_by ?? 'somebody'}`;
  return expires_at !== null && expires_at <= clock.now() ? 'over' : 'good';
};

const asRow = (grant: ListedGrant): readonly string[] => [
  grant.grant_id,
  grant.username ?? '(backend)',
  grant.app,
  grant.patient_id ?? '',
  grant.practice ?? '',
  grant.granted_at.toISOString(),
  grant.expires_at?.toISOString() ?? 'until stopped',
  stateOf(grant),
];

const asJson = (grant: ListedGrant) => ({ ...grant, state: stateOf(grant) });
