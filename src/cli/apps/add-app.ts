import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  type AppRegistration,
  checkNameImitation,
  decideByOperator,
  findApp,
  registerUnownedApp,
} from '../../apps/index.ts';
import type { Config } from '../../config/index.ts';
import type { Executor } from '../../database/index.ts';
import type { AppCredentials, Practice } from '../../domain/index.ts';
import { systemClock as clock, OperatorError, systemRandom as random } from '../../kernel/index.ts';
import { isFilledSandbox, listPractices } from '../../practices/index.ts';
import { type CommandInput, printResult } from '../command.ts';
import type { CommandArguments } from '../definition.ts';
import { type APPS_ADD, DEFAULT_SCOPE } from '../definitions/apps.ts';
import { parseApi, splitCommas } from '../option-values.ts';
import { findNamedPractices } from '../practices/named-practices.ts';
import { withInstallation } from '../with-installation.ts';
import { announceAppChange, appendAppChange } from './app-audit.ts';
import { mergeAnswers, setPolicyUri } from './app-description.ts';
import { checkScope } from './check-scope.ts';

type AddAppValues = CommandArguments<typeof APPS_ADD>['values'];

export async function addAppCommand(
  input: CommandInput,
  { values }: CommandArguments<typeof APPS_ADD>,
): Promise<number> {
  const created = await withInstallation(input, ({ db, encryption }) =>
    db.transaction(async (tx) => {
      const practices = await selectPractices(tx, values);
      const newApp = toNewApp(values, input, practices);
      const credentials = await registerApp(tx, input.config, newApp);
      const imitations = values.verified ? [] : await checkNameImitation(tx, input.config.brandName, newApp.name);
      const warnings = [
        ...checkScope(values.kind, newApp.scope),
        ...launchWarnings(values),
        ...imitations.map(({ message }) => `${message} Add --verified if you have verified the developer.`),
      ];
      await appendAppChange(tx, credentials.clientId, { action: 'add' });
      const app = await findApp(tx, clock, credentials.clientId);
      if (app !== undefined) await announceAppChange(tx, input, { encryption }, { app, from: undefined });
      return { ...credentials, practices: practices.map(({ name }) => name), warnings };
    }),
  );
  printAddedApp(input, created, values);
  return 0;
}

/** Registers an app. Like any new app it waits for a review; with --active it is approved at once. */
async function registerApp(
  tx: Executor,
  { trustedJwksHosts }: Config,
  { state, ...newApp }: AppRegistration,
): Promise<AppCredentials> {
  const deps = { clock, random, trustedJwksHosts };
  const { version: _, ...created } = await registerUnownedApp(tx, deps, newApp, 'operator');
  const none = { ground: undefined, text: undefined };
  if (state === 'active') await decideByOperator(tx, deps, created.clientId, { to: state, reason: none });
  return created;
}

function toNewApp(values: AddAppValues, { folder }: CommandInput, practices: readonly Practice[]): AppRegistration {
  const { kind } = values;
  const hasKeys = values.jwks !== undefined || values['jwks-uri'] !== undefined;
  if (hasKeys && values.public) {
    throw new OperatorError('Use either --public or keys (--jwks, --jwks-uri), not both.');
  }
  return {
    name: values.name,
    kind,
    auth: hasKeys ? 'private_key_jwt' : values.public ? 'none' : 'secret',
    redirectUris: splitCommas(values['redirect-uri'] ?? []),
    apis: splitCommas(values.api).map(parseApi),
    scope: values.scope ?? DEFAULT_SCOPE[kind],
    jwks: values.jwks === undefined ? undefined : readKeySet(path.resolve(folder, values.jwks)),
    jwksUri: values['jwks-uri'],
    launchUri: values['launch-uri'],
    practiceIds: practices.map(({ practiceId }) => practiceId),
    requireAud: values['require-aud'],
    mayIntrospect: values['may-introspect'],
    idTokenAlg: values['id-token-alg'],
    dpopBound: values['dpop-bound'],
    developer: values.developer ?? null,
    verifiedAt: values.verified ? clock.now() : null,
    metadata: values['policy-uri'] === undefined ? {} : setPolicyUri({}, values['policy-uri']),
    dataUse: mergeAnswers({}, values.answer ?? []),
    state: values.active ? 'active' : 'provisional',
  };
}

function readKeySet(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const reason = error instanceof SyntaxError ? 'it isn’t valid JSON' : (error as NodeJS.ErrnoException).code;
    throw new OperatorError(`The key set ${file} can't be read: ${reason}.`);
  }
}

/**
 * Returns the practices that the command names. For a backend app without a named practice these are the sandbox
 * practices, if there are any.
 */
async function selectPractices(tx: Executor, values: AddAppValues): Promise<readonly Practice[]> {
  const practices = await listPractices(tx);
  if (values.practice === undefined) {
    return values.kind === 'backend' ? practices.filter(isFilledSandbox) : [];
  }
  return findNamedPractices(practices, values.practice);
}

/** Warns if a staff app has no launch URI, because the launcher can't open such an app. */
const launchWarnings = (values: AddAppValues): readonly string[] =>
  values.kind === 'staff' && values['launch-uri'] === undefined
    ? ["Without --launch-uri, staff can't open the app from a chart. They have to start in the app itself."]
    : [];

type AddedApp = AppCredentials & { readonly practices: readonly string[]; readonly warnings: readonly string[] };

function printAddedApp(
  input: CommandInput,
  { clientId, clientSecret, practices, warnings }: AddedApp,
  values: AddAppValues,
): void {
  const fields = {
    client_id: clientId,
    ...(clientSecret === undefined ? {} : { client_secret: clientSecret }),
    // Practices whose data a backend app can read once it is active.
    ...(values.kind === 'backend' ? { practices } : {}),
  };
  const lines = [
    ...Object.entries(fields).map(([name, value]) => `${name}: ${[value].flat().join(', ')}`),
    ...warnings,
    ...(clientSecret === undefined ? [] : ['The secret is shown only once. Save it now.']),
    ...('practices' in fields && values.practice === undefined ? [NO_PRACTICE_NAMED] : []),
    values.active
      ? 'The app is active.'
      : `The app is provisional: it works with sandbox patients only. An administrator can approve it at /review, or run: apps set-state ${clientId} active`,
  ];
  printResult(input, { ...fields, ...(warnings.length === 0 ? {} : { warnings }) }, lines.join('\n'));
}

const NO_PRACTICE_NAMED =
  'The app reads only the sandbox practices. To choose other practices, run apps set with --practice NAME for each.';
