import { type AppChanges, decideByOperator, findApp, setRequestLimit, updateApp } from '../../apps/index.ts';
import type { Executor } from '../../database/index.ts';
import type { App } from '../../domain/index.ts';
import {
  type ClientId,
  systemClock as clock,
  OperatorError,
  Problem,
  systemRandom as random,
} from '../../kernel/index.ts';
import { listPractices } from '../../practices/index.ts';
import { UsageError } from '../arguments.ts';
import { type CommandInput, printResult } from '../command.ts';
import type { CommandArguments } from '../definition.ts';
import type { APPS_SET, APPS_SET_STATE } from '../definitions/apps.ts';
import { isOn, parseApi, splitCommas } from '../option-values.ts';
import { findNamedPractices } from '../practices/named-practices.ts';
import { withInstallation } from '../with-installation.ts';
import { announceAppChange, appendAppChange } from './app-audit.ts';
import { mergeAnswers, setPolicyUri } from './app-description.ts';
import { checkScope } from './check-scope.ts';
import { describeApp, valueText } from './show-app.ts';

export async function setAppStateCommand(
  input: CommandInput,
  { values, positionals }: CommandArguments<typeof APPS_SET_STATE>,
): Promise<number> {
  const [clientId, state] = positionals;
  const from = await withInstallation(input, ({ db, encryption }) =>
    db.transaction(async (tx) => {
      const reason = { ground: values.ground, text: values.reason };
      const previous = await decideByOperator(tx, { clock, random }, clientId, { to: state, reason }).catch(
        rethrowAsOperatorError,
      );
      const ground = values.ground === undefined ? {} : { ground: values.ground };
      await appendAppChange(tx, clientId, { action: 'set-state', from: previous, to: state, ...ground });
      const app = await findApp(tx, clock, clientId as ClientId);
      if (app !== undefined)
        await announceAppChange(tx, input, { encryption }, { app, from: previous, reason: values.reason });
      return previous;
    }),
  );
  printResult(input, { client_id: clientId, state }, `${clientId}: ${from} → ${state}`);
  return 0;
}

/**
 * Rethrows a Problem as an OperatorError, so that the command prints the message that an
 * administrator would see on the review pages.
 */
function rethrowAsOperatorError(error: unknown): never {
  throw error instanceof Problem ? new OperatorError(error.message) : error;
}

type ChangeAppValues = CommandArguments<typeof APPS_SET>['values'];

export async function changeAppCommand(
  input: CommandInput,
  { values, positionals }: CommandArguments<typeof APPS_SET>,
): Promise<number> {
  const [clientId] = positionals;
  if (Object.keys(values).length === 0) throw new UsageError('Nothing to change. Add at least one option.');
  const { warnings, ...app } = await withInstallation(input, ({ db, encryption }) =>
    db.transaction(async (tx) => {
      const { trustedJwksHosts } = input.config;
      const practiceIds = await findPracticeIds(tx, values);
      const limit = values['requests-per-minute'];
      if (limit !== undefined) await setRequestLimit(tx, clock, clientId, parseRequestLimit(limit));
      const changes = (before: App): AppChanges => ({ ...toAppChanges(values, before), practiceIds });
      const changed = await updateApp(tx, { clock, random, trustedJwksHosts }, clientId, changes);
      const warnings = values.scope === undefined ? [] : checkScope(changed.kind, values.scope);
      await appendAppChange(tx, clientId, { action: 'set', changed: Object.keys(values) });
      if (values.scope !== undefined || values.practice !== undefined)
        await announceAppChange(tx, input, { encryption }, { app: changed, from: changed.state });
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

/** Returns the number of requests per minute; undefined for the default of the installation. */
function parseRequestLimit(text: string): number | undefined {
  if (text === 'default') return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new UsageError('--requests-per-minute must be a number, or "default".');
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
    requireAud: isOn(values['require-aud']),
    secretInQuery: isOn(values['query-secret']),
    mayIntrospect: isOn(values['may-introspect']),
    idTokenAlg: values['id-token-alg'],
    dpopBound: isOn(values['dpop-bound']),
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
  const given = isOn(verified);
  if (given !== undefined) return given ? clock.now() : null;
  return developer === undefined || developer.trim() === before.developer ? undefined : null;
}
