import { systemClock as clock, OperatorFault } from '../kernel/index.ts';
import { listPractices } from '../practices/index.ts';
import { type App, findApp, listApps, listLog } from '../registry/index.ts';
import { described } from './apps-show.ts';
import { countOf } from './apps-words.ts';
import { readArguments } from './arguments.ts';
import { answer, type CommandInput, table } from './command.ts';
import { withInstallation } from './with-installation.ts';

const AUTH: Readonly<Record<App['auth'], string>> = {
  none: 'public',
  secret: 'secret',
  private_key_jwt: 'private_key_jwt',
};

export async function appsList(input: CommandInput): Promise<number> {
  const { apps, practices } = await withInstallation(input, async ({ db }) => ({
    apps: await listApps(db),
    practices: await listPractices(db),
  }));
  const named = (app: (typeof apps)[number]) =>
    practices.filter(({ practiceId }) => app.practiceIds.includes(practiceId)).map(({ name }) => name);
  const values = apps.map((app) => ({ ...described(app), practices: named(app) }));
  const rows = apps.map((app) => [app.clientId, app.state, app.kind, AUTH[app.auth], app.apis.join(','), app.name]);
  answer(input, values, table(['client_id', 'state', 'kind', 'auth', 'apis', 'name'], rows));
  return 0;
}

export async function appsLog(input: CommandInput): Promise<number> {
  const options = { limit: { type: 'string', default: '50' } } as const;
  const { values, positionals } = readArguments(input.arguments, options, ['CLIENT_ID']);
  const [clientId] = positionals;
  const limit = countOf('limit', values.limit);
  const rows = await withInstallation(input, async ({ db }) => {
    if ((await findApp(db, clock, clientId)) === undefined) {
      throw new OperatorFault(`There is no app with the client_id ${clientId}.`);
    }
    return listLog(db, clientId, { limit, refused: true });
  });
  const rejections = rows.map(({ at, endpoint, error = '', cause = '', requestId }) => ({
    at: at.toISOString(),
    endpoint,
    error,
    cause,
    request_id: requestId,
  }));
  const cells = rejections.map((row) => [row.at, row.endpoint, row.error, row.cause]);
  answer(
    input,
    rejections,
    rows.length === 0 ? 'Nothing was refused of late.' : table(['when', 'endpoint', 'error', 'cause'], cells),
  );
  return 0;
}
