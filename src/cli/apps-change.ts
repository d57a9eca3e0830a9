import { parseArgs } from 'node:util';
import { systemClock as clock, OperatorFault, systemRandom as random } from '../kernel/index.ts';
import { changeAppState, setApp } from '../registry/index.ts';
import { checkScope } from './apps-scope.ts';
import { recordChange } from './apps-trail.ts';
import { commaSeparated, oneOf, onOrOff } from './apps-words.ts';
import { answer, type Command } from './command.ts';
import { withInstallation } from './with-installation.ts';

export const appsSetState: Command = {
  name: 'apps set-state',
  usage: 'apps set-state CLIENT_ID active|rejected|suspended|retired|provisional',
  summary: 'Move an app along its lifecycle; its tokens follow at once.',
  async run(input) {
    const [clientId, state] = input.arguments;
    if (clientId === undefined || state === undefined) throw new OperatorFault(`Usage: ${this.usage}`);
    const from = await withInstallation(input, ({ db }) =>
      db.transaction(async (tx) => {
        const previous = await changeAppState(tx, clock, clientId, state);
        await recordChange(tx, clientId, { action: 'set-state', from: previous, to: state });
        return previous;
      }),
    );
    answer(input, { client_id: clientId, state }, `${clientId}: ${from} → ${state}`);
    return 0;
  },
};

export const appsSet: Command = {
  name: 'apps set',
  usage:
    'apps set CLIENT_ID [--require-aud on|off] [--query-secret on|off] [--may-introspect on|off] [--id-token-alg RS256|ES256] [--scope SCOPES] [--redirect-uri URI…]',
  summary: 'Change how an app is registered. Redirect URIs that are given replace those there are.',
  async run(input) {
    const { values, positionals } = parseArgs({
      args: [...input.arguments],
      options: SETTABLE,
      allowPositionals: true,
    });
    const [clientId] = positionals;
    if (clientId === undefined || Object.keys(values).length === 0) throw new OperatorFault(`Usage: ${this.usage}`);
    const redirectUris = values['redirect-uri'];
    const changes = {
      requireAud: onOrOff('require-aud', values['require-aud']),
      secretInQuery: onOrOff('query-secret', values['query-secret']),
      mayIntrospect: onOrOff('may-introspect', values['may-introspect']),
      idTokenAlg: oneOf('id-token-alg', values['id-token-alg'], ['RS256', 'ES256']),
      scope: values.scope,
      redirectUris: redirectUris === undefined ? undefined : commaSeparated(redirectUris),
    };
    const { warnings, ...app } = await withInstallation(input, ({ db }) =>
      db.transaction(async (tx) => {
        const { trustedJwksHosts } = input.config;
        const changed = await setApp(tx, { clock, random, trustedJwksHosts }, clientId, changes);
        const warnings = values.scope === undefined ? [] : checkScope(changed.kind, values.scope);
        await recordChange(tx, clientId, { action: 'set', changed: Object.keys(values) });
        return { ...changed, warnings };
      }),
    );
    const now = {
      client_id: clientId,
      require_aud: app.requireAud,
      query_secret: app.secretInQuery,
      may_introspect: app.mayIntrospect,
      id_token_alg: app.idTokenAlg,
      scope: app.scope,
      redirect_uris: app.redirectUris,
    };
    const lines = Object.entries(now).map(([name, value]) => `${name}: ${inWords(value)}`);
    answer(input, { ...now, ...(warnings.length === 0 ? {} : { warnings }) }, [...lines, ...warnings].join('\n'));
    return 0;
  },
};

const SETTABLE = {
  'require-aud': { type: 'string' },
  'query-secret': { type: 'string' },
  'may-introspect': { type: 'string' },
  'id-token-alg': { type: 'string' },
  scope: { type: 'string' },
  'redirect-uri': { type: 'string', multiple: true },
} as const;

const inWords = (value: unknown): string =>
  typeof value === 'boolean' ? (value ? 'on' : 'off') : Array.isArray(value) ? value.join(' ') : String(value);
