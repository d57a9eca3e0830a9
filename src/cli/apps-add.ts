import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Config } from '../config/index.ts';
import type { Executor } from '../database/index.ts';
import { systemClock as clock, OperatorFault, type PracticeId, systemRandom as random } from '../kernel/index.ts';
import { listPractices } from '../practices/index.ts';
import { type AppKind, type Credentials, type NewApp, registerApp } from '../registry/index.ts';
import { recordChange } from './apps-trail.ts';
import { apiNamed, commaSeparated, oneOf } from './apps-words.ts';
import { answer, type Command, type CommandInput } from './command.ts';
import { withInstallation } from './with-installation.ts';

/** What most apps ask for: read all of one patient's record, and keep access; or all that staff or nobody may read. */
const DEFAULT_SCOPE: Readonly<Record<AppKind, string>> = {
  patient: 'openid fhirUser launch/patient offline_access patient/*.rs',
  staff: 'openid fhirUser launch offline_access patient/*.rs user/*.rs',
  backend: 'system/*.rs',
};

const OPTIONS = {
  name: { type: 'string', default: '' },
  kind: { type: 'string', default: 'patient' },
  'redirect-uri': { type: 'string', multiple: true, default: [] as string[] },
  api: { type: 'string', multiple: true, default: [] as string[] },
  public: { type: 'boolean', default: false },
  jwks: { type: 'string' },
  'jwks-uri': { type: 'string' },
  'launch-uri': { type: 'string' },
  practice: { type: 'string', multiple: true, default: [] as string[] },
  scope: { type: 'string' },
  'require-aud': { type: 'boolean', default: false },
  'may-introspect': { type: 'boolean', default: false },
  'id-token-alg': { type: 'string' },
  'dpop-bound': { type: 'boolean', default: false },
  active: { type: 'boolean', default: false },
} as const;

const read = (words: readonly string[]) => parseArgs({ args: [...words], options: OPTIONS }).values;
type Values = ReturnType<typeof read>;

export const appsAdd: Command = {
  name: 'apps add',
  usage:
    'apps add --name NAME --redirect-uri URI… --api r4,dstu2 [--kind patient|staff|backend] [--public | --jwks FILE | --jwks-uri URL] [--launch-uri URL] [--practice NAME…] [--scope SCOPES] [--require-aud] [--may-introspect] [--id-token-alg RS256|ES256] [--dpop-bound] [--active]',
  summary:
    'Register an app; prints its client_id and client_secret. One with keys has no secret; a backend app needs keys.',
  async run(input) {
    const values = read(input.arguments);
    const made = await withInstallation(input, ({ db }) =>
      db.transaction(async (tx) => {
        const credentials = await add(tx, input.config, await wantedApp(tx, values, input));
        await recordChange(tx, credentials.clientId, { action: 'add' });
        return credentials;
      }),
    );
    tell(input, made, values.active);
    return 0;
  },
};

const add = (tx: Executor, { trustedJwksHosts }: Config, wanted: NewApp): Promise<Credentials> =>
  registerApp(tx, { clock, random, trustedJwksHosts }, wanted);

async function wantedApp(tx: Executor, values: Values, { folder }: CommandInput): Promise<NewApp> {
  const kind = oneOf('kind', values.kind, ['patient', 'staff', 'backend']) ?? 'patient';
  const hasKeys = values.jwks !== undefined || values['jwks-uri'] !== undefined;
  if (hasKeys && values.public) {
    throw new OperatorFault('An app is either --public or proves who it is with keys (--jwks, --jwks-uri).');
  }
  return {
    name: values.name,
    kind,
    auth: hasKeys ? 'private_key_jwt' : values.public ? 'none' : 'secret',
    redirectUris: commaSeparated(values['redirect-uri']),
    apis: commaSeparated(values.api).map(apiNamed),
    scope: values.scope ?? DEFAULT_SCOPE[kind],
    jwks: values.jwks === undefined ? undefined : readKeySet(path.resolve(folder, values.jwks)),
    jwksUri: values['jwks-uri'],
    launchUri: values['launch-uri'],
    practiceIds: await practiceIds(tx, kind, values.practice),
    requireAud: values['require-aud'],
    mayIntrospect: values['may-introspect'],
    idTokenAlg: oneOf('id-token-alg', values['id-token-alg'], ['RS256', 'ES256']),
    dpopBound: values['dpop-bound'],
    state: values.active ? 'active' : 'provisional',
  };
}

function readKeySet(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const reason = error instanceof SyntaxError ? 'it is not JSON' : (error as NodeJS.ErrnoException).code;
    throw new OperatorFault(`The key set ${file} can't be read: ${reason}.`);
  }
}

/** Those that are named; a backend app that names none gets the sandbox, where there is one. */
async function practiceIds(tx: Executor, kind: AppKind, names: readonly string[]): Promise<readonly PracticeId[]> {
  const practices = await listPractices(tx);
  if (names.length === 0) {
    return kind === 'backend' ? practices.filter((one) => one.kind === 'sandbox').map((one) => one.practiceId) : [];
  }
  return names.map((name) => {
    const found = practices.find((practice) => practice.name === name);
    if (found !== undefined) return found.practiceId;
    const known = practices.map((practice) => `"${practice.name}"`).join(', ');
    throw new OperatorFault(`There is no practice "${name}". There are: ${known}.`);
  });
}

function tell(input: CommandInput, { clientId, clientSecret }: Credentials, active: boolean): void {
  const fields = { client_id: clientId, ...(clientSecret === undefined ? {} : { client_secret: clientSecret }) };
  const lines = [
    ...Object.entries(fields).map(([name, value]) => `${name}: ${value}`),
    ...(clientSecret === undefined ? [] : ['The secret is shown this once: keep it now.']),
    active
      ? 'The app is active.'
      : `The app is provisional: it reaches sandbox patients until: apps set-state ${clientId} active`,
  ];
  answer(input, fields, lines.join('\n'));
}
