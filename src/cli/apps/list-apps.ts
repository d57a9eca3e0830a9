import { findApp, listAppLog, listApps } from '../../apps/index.ts';
import type { App } from '../../domain/index.ts';
import { systemClock as clock, OperatorError } from '../../kernel/index.ts';
import { listPractices } from '../../practices/index.ts';
import { type CommandInput, formatTable, printResult } from '../command.ts';
import type { CommandArguments } from '../definition.ts';
import type { APPS_LOG } from '../definitions/apps.ts';
import { parseCount } from '../option-values.ts';
import { withInstallation } from '../with-installation.ts';
import { describeApp } from './show-app.ts';

const AUTH_NAMES: Readonly<Record<App['auth'], string>> = {
  none: 'public',
  secret: 'secret',
  private_key_jwt: 'private_key_jwt',
};

export async function listAppsCommand(input: CommandInput): Promise<number> {
  const { apps, practices } = await withInstallation(input, async ({ db }) => ({
    apps: await listApps(db),
    practices: await listPractices(db),
  }));
  const named = (app: (typeof apps)[number]) =>
    practices.filter(({ practiceId }) => app.practiceIds.includes(practiceId)).map(({ name }) => name);
  const values = apps.map((app) => ({ ...describeApp(app), practices: named(app) }));
  const rows = apps.map((app) => [
    app.clientId,
    app.state,
    app.kind,
    AUTH_NAMES[app.auth],
    app.apis.join(','),
    app.name,
  ]);
  printResult(input, values, formatTable(['client_id', 'state', 'kind', 'auth', 'apis', 'name'], rows));
  return 0;
}

export async function appLogCommand(
  input: CommandInput,
  { values, positionals }: CommandArguments<typeof APPS_LOG>,
): Promise<number> {
  const [clientId] = positionals;
  const limit = parseCount('limit', values.limit);
  const rows = await withInstallation(input, async ({ db }) => {
    if ((await findApp(db, clock, clientId)) === undefined) {
      throw new OperatorError(`There is no app with the client_id ${clientId}.`);
    }
    return listAppLog(db, clientId, { limit, refused: true });
  });
  const rejections = rows.map(({ at, endpoint, error = '', cause = '', requestId }) => ({
    at: at.toISOString(),
    endpoint,
    error,
    cause,
    request_id: requestId,
  }));
  const cells = rejections.map((row) => [row.at, row.endpoint, row.error, row.cause]);
  printResult(
    input,
    rejections,
    rows.length === 0 ? 'No recent rejections.' : formatTable(['when', 'endpoint', 'error', 'cause'], cells),
  );
  return 0;
}
