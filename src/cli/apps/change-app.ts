import { type AppChanges, decideByOperator, updateApp } from '../../apps/index.ts';
import type { Executor } from '../../database/index.ts';
import type { App } from '../../domain/index.ts';
import { systemClock as clock, OperatorError, Problem, systemRandom as random } from '../../kernel/index.ts';
import { listPractices } from '../../practices/index.ts';
import { readArguments, UsageError } from '../arguments.ts';
import { type CommandInput, printResult } from '../command.ts';
import { parseApi, parseChoice, parseOnOff, splitCommas } from '../option-values.ts';
import { findNamedPractices } from '../practices/named-practices.ts';
import { withInstallation } from '../with-installation.ts';
import { appendAppChange } from './app-audit.ts';
import { DESCRIPTION_OPTIONS, mergeAnswers, setPolicyUri } from './app-description.ts';
import { checkScope } from './check-scope.ts';
import { describeApp, valueText } from './show-app.ts';

export async function setAppStateCommand(input: CommandInput): Promise<number> {
  const { values, positionals } = readArguments(input.arguments, REASON_OPTIONS, ['CLIENT_ID', 'STATE']);
  const [clientId, state] = positionals;
  const from = await withInstallation(input, ({ db }) =>
    db.transaction(async (tx) => {
      const reason = { ground: values.ground, text: values.reason };
      const previous = await decideByOperator(tx, { clock, random }, clientId, { to: state, reason }).catch(
        rethrowAsOperatorError,
      );
      await appendAppChange(tx, clientId, { action: 'set-state', from: previous, to: state });
      return previous;
    }),
  );
  printResult(input, { client_id: clientId, state }, `${clientId}: ${from} → ${state}`);
  return 0;
}

const REASON_OPTIONS = { ground: { type: 'string' }, reason: { type: 'string' } } as const;

/**
 * Rethrows a Problem as an OperatorError, so that the command prints the message that an
 * administrator would see on the review pages.
 */
function rethrowAsOperatorError(error: unknown): never {
  throw error instanceof Problem ? new OperatorError(error.message) : error;
}

const CHANGE_APP_OPTIONS = {
  ...DESCRIPTION_OPTIONS,
  verified: { type: 'string' },
  'require-aud': { type: 'string' },
  'query-secret': { type: 'string' },
  'may-introspect': { type: 'string' },
  'id-token-alg': { type: 'string' },
  'dpop-bound': { type: 'string' },
  scope: { type: 'string' },
  api: { type: 'string', multiple: true },
  practice: { type: 'string', multiple: true },
  'launch-uri': { type: 'string' },
  'redirect-uri': { type: 'string', multiple: true },
} as const;

const readChangeOptions = (args: readonly string[]) => readArguments(args, CHANGE_APP_OPTIONS, ['CLIENT_ID']);
type ChangeAppValues = ReturnType<typeof readChangeOptions>['values'];

export async function changeAppCommand(input: CommandInput): Promise<number> {
  const { values, positionals } = readChangeOptions(input.arguments);
  const [clientId] = positionals;
  if (Object.keys(values).length === 0) throw new UsageError('Nothing to change. Add at least one option.');
  const { warnings, ...app } = await withInstallation(input, ({ db }) =>
    db.transaction(async (tx) => {
      const { trustedJwksHosts } = input.config;
      const practiceIds = await findPracticeIds(tx, values);
      const changes = (before: App): AppChanges => ({ ...toAppChanges(values, before), practiceIds });
      const changed = await updateApp(tx, { clock, random, trustedJwksHosts }, clientId, changes);
      const warnings = values.scope === undefined ? [] : checkScope(changed.kind, values.scope);
      await appendAppChange(tx, clientId, { action: 'set', changed: Object.keys(values) });
      return { ...changed, warnings };
    }),
  );
  const now = { ...describeApp(app), policy_uri: app.metadata['policy_uri'] ?? null, data_use: app.dataUse };
  const lines = Object.entries({ ...now, data_use: answerTexts(app) })
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}: ${valueText(value)}`);
  printResult(input, { ...now, ...(warnings.length === 0 ? {} : { warnings }) }, [...lines, ...warnings].join('\n'));
  return 0;
}

const answerTexts = ({ dataUse }: App): readonly string[] =>
  Object.entries(dataUse).map(([question, given]) => `${question}=${given}`);

async function findPracticeIds(tx: Executor, { practice }: ChangeAppValues): Promise<AppChanges['practiceIds']> {
  if (practice === undefined) return undefined;
  return findNamedPractices(await listPractices(tx), practice).map(({ practiceId }) => practiceId);
}

/**
 * Converts the options of the command to changes of the app.
 * @param before the app as it is registered now
 */
function toAppChanges(values: ChangeAppValues, before: App): AppChanges {
  const { developer, api, answer: newAnswers, 'redirect-uri': redirectUris, 'policy-uri': policy } = values;
  return {
    requireAud: parseOnOff('require-aud', values['require-aud']),
    secretInQuery: parseOnOff('query-secret', values['query-secret']),
    mayIntrospect: parseOnOff('may-introspect', values['may-introspect']),
    idTokenAlg: parseChoice('id-token-alg', values['id-token-alg'], ['RS256', 'ES256']),
    dpopBound: parseOnOff('dpop-bound', values['dpop-bound']),
    scope: values.scope,
    apis: api === undefined ? undefined : splitCommas(api).map(parseApi),
    launchUri: values['launch-uri'],
    redirectUris: redirectUris === undefined ? undefined : splitCommas(redirectUris),
    developer: developer === undefined ? undefined : developer.trim() || null,
    verifiedAt: getVerifiedAt(values, before),
    metadata: policy === undefined ? undefined : setPolicyUri(before.metadata, policy),
    dataUse: newAnswers === undefined ? undefined : mergeAnswers(before.dataUse, newAnswers),
  };
}

/**
 * Returns when the developer of the app was verified. The option --verified sets or removes this time. A new developer
 * also removes it, because the verification was for the previous developer.
 */
function getVerifiedAt({ verified, developer }: ChangeAppValues, before: App): AppChanges['verifiedAt'] {
  const given = parseOnOff('verified', verified);
  if (given !== undefined) return given ? clock.now() : null;
  return developer === undefined || developer.trim() === before.developer ? undefined : null;
}
