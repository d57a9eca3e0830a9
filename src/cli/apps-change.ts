import type { Executor } from '../database/index.ts';
import { systemClock as clock, OperatorFault, Problem, systemRandom as random } from '../kernel/index.ts';
import { listPractices } from '../practices/index.ts';
import { type App, type AppChanges, decideByOperator, setApp } from '../registry/index.ts';
import { ABOUT, withAnswers, withPolicy } from './apps-about.ts';
import { practicesNamed } from './apps-practices.ts';
import { checkScope } from './apps-scope.ts';
import { described, inWords } from './apps-show.ts';
import { recordChange } from './apps-trail.ts';
import { apiNamed, commaSeparated, oneOf, onOrOff } from './apps-words.ts';
import { readArguments, UsageError } from './arguments.ts';
import { answer, type CommandInput } from './command.ts';
import { withInstallation } from './with-installation.ts';

export async function appsSetState(input: CommandInput): Promise<number> {
  const { values, positionals } = readArguments(input.arguments, WHY, ['CLIENT_ID', 'STATE']);
  const [clientId, state] = positionals;
  const from = await withInstallation(input, ({ db }) =>
    db.transaction(async (tx) => {
      const reason = { ground: values.ground, text: values.reason };
      const previous = await decideByOperator(tx, { clock, random }, clientId, { to: state, reason }).catch(
        inWordsOfCommands,
      );
      await recordChange(tx, clientId, { action: 'set-state', from: previous, to: state });
      return previous;
    }),
  );
  answer(input, { client_id: clientId, state }, `${clientId}: ${from} → ${state}`);
  return 0;
}

const WHY = { ground: { type: 'string' }, reason: { type: 'string' } } as const;

/** Reports a Problem with the message that an administrator would see in the web console. */
function inWordsOfCommands(error: unknown): never {
  throw error instanceof Problem ? new OperatorFault(error.message) : error;
}

const SETTABLE = {
  ...ABOUT,
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

const read = (args: readonly string[]) => readArguments(args, SETTABLE, ['CLIENT_ID']);
type Values = ReturnType<typeof read>['values'];

export async function appsSet(input: CommandInput): Promise<number> {
  const { values, positionals } = read(input.arguments);
  const [clientId] = positionals;
  if (Object.keys(values).length === 0) throw new UsageError('There is nothing to change: no option is given.');
  const { warnings, ...app } = await withInstallation(input, ({ db }) =>
    db.transaction(async (tx) => {
      const { trustedJwksHosts } = input.config;
      const practiceIds = await practiceIdsOf(tx, values);
      const changes = (before: App): AppChanges => ({ ...changesOf(values, before), practiceIds });
      const changed = await setApp(tx, { clock, random, trustedJwksHosts }, clientId, changes);
      const warnings = values.scope === undefined ? [] : checkScope(changed.kind, values.scope);
      await recordChange(tx, clientId, { action: 'set', changed: Object.keys(values) });
      return { ...changed, warnings };
    }),
  );
  const now = { ...described(app), policy_uri: app.metadata['policy_uri'] ?? null, data_use: app.dataUse };
  const lines = Object.entries({ ...now, data_use: answersIn(app) })
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}: ${inWords(value)}`);
  answer(input, { ...now, ...(warnings.length === 0 ? {} : { warnings }) }, [...lines, ...warnings].join('\n'));
  return 0;
}

const answersIn = ({ dataUse }: App): readonly string[] =>
  Object.entries(dataUse).map(([question, given]) => `${question}=${given}`);

async function practiceIdsOf(tx: Executor, { practice }: Values): Promise<AppChanges['practiceIds']> {
  if (practice === undefined) return undefined;
  return practicesNamed(await listPractices(tx), practice).map(({ practiceId }) => practiceId);
}

/** @param before the current registration */
function changesOf(values: Values, before: App): AppChanges {
  const { developer, api, answer: newAnswers, 'redirect-uri': redirectUris, 'policy-uri': policy } = values;
  return {
    requireAud: onOrOff('require-aud', values['require-aud']),
    secretInQuery: onOrOff('query-secret', values['query-secret']),
    mayIntrospect: onOrOff('may-introspect', values['may-introspect']),
    idTokenAlg: oneOf('id-token-alg', values['id-token-alg'], ['RS256', 'ES256']),
    dpopBound: onOrOff('dpop-bound', values['dpop-bound']),
    scope: values.scope,
    apis: api === undefined ? undefined : commaSeparated(api).map(apiNamed),
    launchUri: values['launch-uri'],
    redirectUris: redirectUris === undefined ? undefined : commaSeparated(redirectUris),
    developer: developer === undefined ? undefined : developer.trim() || null,
    verifiedAt: verifiedAt(values, before),
    metadata: policy === undefined ? undefined : withPolicy(before.metadata, policy),
    dataUse: newAnswers === undefined ? undefined : withAnswers(before.dataUse, newAnswers),
  };
}

/** A new developer invalidates the verification of the previous one. */
function verifiedAt({ verified, developer }: Values, before: App): AppChanges['verifiedAt'] {
  const given = onOrOff('verified', verified);
  if (given !== undefined) return given ? clock.now() : null;
  return developer === undefined || developer.trim() === before.developer ? undefined : null;
}
