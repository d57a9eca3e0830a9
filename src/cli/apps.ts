import { parseArgs } from 'node:util';
import { APIS, type Api } from '../access/index.ts';
import { openTrail } from '../audit/index.ts';
import { systemClock as clock, OperatorFault, systemRandom as random } from '../kernel/index.ts';
import { changeAppState, listApps, registerApp } from '../registry/index.ts';
import { answer, type Command, table } from './command.ts';
import { withInstallation } from './with-installation.ts';

/** What most apps ask for: read all of one patient's record, and keep access. */
const DEFAULT_SCOPE = 'openid fhirUser launch/patient offline_access patient/*.rs';

export const appsAdd: Command = {
  name: 'apps add',
  usage: 'apps add --name NAME --redirect-uri URI… --api r4,dstu2 [--public] [--scope SCOPES] [--active]',
  summary: 'Register an app; prints its client_id and client_secret.',
  async run(input) {
    const { values } = parseArgs({
      args: [...input.arguments],
      options: {
        name: { type: 'string', default: '' },
        'redirect-uri': { type: 'string', multiple: true, default: [] },
        api: { type: 'string', multiple: true, default: [] },
        public: { type: 'boolean', default: false },
        scope: { type: 'string', default: DEFAULT_SCOPE },
        active: { type: 'boolean', default: false },
      },
    });
    const credentials = await withInstallation(input, async ({ db }) => {
      const made = await db.transaction((tx) =>
        registerApp(
          tx,
          { clock, random },
          {
            name: values.name,
            redirectUris: commaSeparated(values['redirect-uri']),
            apis: commaSeparated(values.api).map(apiNamed),
            scope: values.scope,
            confidential: !values.public,
            state: values.active ? 'active' : 'provisional',
          },
        ),
      );
      const detail = { action: 'add', by: 'command line' };
      await openTrail({ db, clock, random }).record({
        kind: 'app',
        outcome: 'success',
        clientId: made.clientId,
        detail,
      });
      return made;
    });
    const fields = {
      client_id: credentials.clientId,
      ...(credentials.clientSecret === undefined ? {} : { client_secret: credentials.clientSecret }),
    };
    const lines = [
      ...Object.entries(fields).map(([name, value]) => `${name}: ${value}`),
      ...(credentials.clientSecret === undefined ? [] : ['The secret is shown this once: keep it now.']),
      values.active
        ? 'The app is active.'
        : `The app is provisional: it reaches sandbox patients until: apps set-state ${credentials.clientId} active`,
    ];
    answer(input, fields, lines.join('\n'));
    return 0;
  },
};

export const appsList: Command = {
  name: 'apps list',
  usage: 'apps list',
  summary: 'List the registered apps.',
  async run(input) {
    const apps = await withInstallation(input, ({ db }) => listApps(db));
    const values = apps.map((app) => ({
      client_id: app.clientId,
      name: app.name,
      state: app.state,
      confidential: app.confidential,
      apis: app.apis.map((api) => APIS[api]),
      scope: app.scope,
      redirect_uris: app.redirectUris,
      created_at: app.createdAt.toISOString(),
    }));
    const rows = apps.map((app) => [
      app.clientId,
      app.state,
      app.confidential ? 'confidential' : 'public',
      app.apis.join(','),
      app.name,
    ]);
    answer(input, values, table(['client_id', 'state', 'kind', 'apis', 'name'], rows));
    return 0;
  },
};

export const appsSetState: Command = {
  name: 'apps set-state',
  usage: 'apps set-state CLIENT_ID active|rejected|suspended|retired|provisional',
  summary: 'Move an app along its lifecycle; its tokens follow at once.',
  async run(input) {
    const [clientId, state] = input.arguments;
    if (clientId === undefined || state === undefined) throw new OperatorFault(`Usage: ${this.usage}`);
    const from = await withInstallation(input, async ({ db }) => {
      const previous = await changeAppState(db, clock, clientId, state);
      const detail = { action: 'set-state', from: previous, to: state, by: 'command line' };
      await openTrail({ db, clock, random }).record({
        kind: 'app',
        outcome: 'success',
        clientId: clientId as never,
        detail,
      });
      return previous;
    });
    answer(input, { client_id: clientId, state }, `${clientId}: ${from} → ${state}`);
    return 0;
  },
};

const commaSeparated = (values: readonly string[]): readonly string[] =>
  values
    .flatMap((value) => value.split(','))
    .map((value) => value.trim())
    .filter((value) => value !== '');

function apiNamed(name: string): Api {
  const found = (Object.keys(APIS) as Api[]).find((api) => api === name.toLowerCase() || APIS[api] === name);
  if (found !== undefined) return found;
  throw new OperatorFault(
    `"${name}" is no API. There are: ${Object.entries(APIS)
      .map(([api, full]) => `${api} (${full})`)
      .join(', ')}.`,
  );
}
