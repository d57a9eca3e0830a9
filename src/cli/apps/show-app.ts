import { APIS, DATA_USE_QUESTIONS } from '../../access/index.ts';
import { appRegistrant, findApp, listSecrets } from '../../apps/index.ts';
import type { App } from '../../domain/index.ts';
import { systemClock as clock, OperatorError } from '../../kernel/index.ts';
import { listPractices } from '../../practices/index.ts';
import { type CommandInput, printResult } from '../command.ts';
import type { CommandArguments } from '../definition.ts';
import type { APPS_SHOW } from '../definitions/apps.ts';
import { withInstallation } from '../with-installation.ts';

/** Returns everything that is registered about an app, under the property names of the command's JSON output. */
export const describeApp = (app: Omit<App, 'secretHashes'>) => ({
  client_id: app.clientId,
  name: app.name,
  state: app.state,
  kind: app.kind,
  auth: app.auth,
  apis: app.apis.map((api) => APIS[api]),
  scope: app.scope,
  redirect_uris: app.redirectUris,
  ...(app.launchUri === undefined ? {} : { launch_uri: app.launchUri }),
  ...(app.jwksUri === undefined ? {} : { jwks_uri: app.jwksUri }),
  require_aud: app.requireAud,
  query_secret: app.secretInQuery,
  id_token_alg: app.idTokenAlg,
  dpop_bound: app.dpopBound,
  may_introspect: app.mayIntrospect,
  requests_per_minute: app.requestsPerMinute ?? null,
  developer: app.developer,
  verified_at: app.verifiedAt?.toISOString() ?? null,
  registered_by: appRegistrant(app),
  created_at: app.createdAt.toISOString(),
});

export async function showAppCommand(
  input: CommandInput,
  { positionals }: CommandArguments<typeof APPS_SHOW>,
): Promise<number> {
  const [clientId] = positionals;
  const {
    app,
    practices,
    held: secretRows,
  } = await withInstallation(input, async ({ db }) => ({
    app: await findApp(db, clock, clientId),
    practices: await listPractices(db),
    held: await listSecrets(db, clock, clientId),
  }));
  if (app === undefined) throw new OperatorError(`There is no app with the client_id ${clientId}.`);
  const named = practices.filter(({ practiceId }) => app.practiceIds.includes(practiceId)).map(({ name }) => name);
  const secrets = secretRows.map(({ name, createdAt, expiresAt }) => ({
    name,
    made_at: createdAt.toISOString(),
    expires_at: expiresAt?.toISOString() ?? null,
  }));
  const value = { ...describeApp(app), practices: named, secrets, metadata: app.metadata, data_use: app.dataUse };
  const displayed = { ...value, secrets: secrets.map(secretText), data_use: undefined, metadata: undefined };
  printResult(input, value, [...toLines(displayed), ...dataUseLines(app)].join('\n'));
  return 0;
}

const secretText = (secret: { name: string; made_at: string; expires_at: string | null }): string =>
  `"${secret.name}" created ${secret.made_at}${secret.expires_at === null ? '' : `, expires ${secret.expires_at}`}`;

const toLines = (value: object): readonly string[] =>
  Object.entries(value)
    .filter(([, one]) => one !== undefined && one !== null && !(Array.isArray(one) && one.length === 0))
    .map(([name, one]) => `${name}: ${valueText(one)}`);

/** Formats the metadata of an app, and its answers about data use with one line for each question. */
const dataUseLines = ({ metadata, dataUse }: App): readonly string[] => [
  ...toLines(metadata),
  'data use:',
  ...DATA_USE_QUESTIONS.map((question) => `  ${question}: ${dataUse[question] ?? '(no answer)'}`),
];

export const valueText = (value: unknown): string =>
  typeof value === 'boolean' ? (value ? 'on' : 'off') : Array.isArray(value) ? value.join(' ') : String(value);
