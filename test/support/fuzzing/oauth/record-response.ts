import { choicesOf, hiddenFields } from '../../browser/html.ts';
import { OAUTH } from '../../people/patient.ts';
import type { KnownApp } from './known-apps.ts';
import type { OAuthWorld } from './oauth-server.ts';
import { type Answer, jsonOf, type ParsedRequest } from './parsed-request.ts';
import { addRecent } from './pick.ts';
import type { EncodedRequest } from './request-draft.ts';
import { responseSecrets } from './secrets.ts';

/** Records values of a response, for making later requests and judging later responses. */
export function recordResponse(world: OAuthWorld, wire: EncodedRequest, reading: ParsedRequest, answer: Answer): void {
  for (const secret of responseSecrets(answer)) world.ledger.secrets.add(secret);
  recordPage(world, reading, answer);
  if (reading.endpoint === 'decision') recordCode(world, reading, answer);
  else if (reading.endpoint === 'launch') recordLaunch(world, reading, answer);
  else if (reading.endpoint === 'token' && answer.statusCode === 200) recordTokens(world, reading, answer);
  else if (reading.endpoint === 'par' && answer.statusCode === 201) recordPushedRequest(world, reading, answer);
  else if (reading.endpoint === 'register' || reading.endpoint === 'manage') recordRegistration(world, wire, answer);
  else if (reading.endpoint === 'sign-in') recordBrowser(world, answer);
}

function recordPage(
  { recent }: OAuthWorld,
  { headers: { cookie = '' } }: ParsedRequest,
  { statusCode, body }: Answer,
): void {
  if (statusCode !== 200 || !body.includes(`action="${OAUTH}/authorize/decision"`)) return;
  const valuesOf = (name: string) => choicesOf(body, name).map(({ value }) => value);
  addRecent(recent.pages, { cookie, hidden: hiddenFields(body), items: valuesOf('allow'), groups: valuesOf('group') });
}

const recordRedirect = ({ headers }: Answer, name: string): string | undefined =>
  new URLSearchParams(headers.location?.replace(/^[^?]*\?/, '')).get(name) ?? undefined;

function recordCode({ ledger, recent }: OAuthWorld, { inner }: ParsedRequest, answer: Answer): void {
  const token = recordRedirect(answer, 'code');
  if (token === undefined) return;
  // RFC 9126 §4: the pushed parameters count, not those in the URL.
  const asked = ledger.pushed.get(inner.get('request_uri') ?? '') ?? lastValues(inner);
  const clientId = asked.get('client_id') ?? '';
  ledger.owners.set(token, clientId);
  ledger.asked.set(token, asked);
  addRecent(recent.codes, {
    token,
    clientId,
    redirectUri: asked.get('redirect_uri') ?? '',
    verifier: ledger.verifiers.get(asked.get('code_challenge') ?? ''),
    bound: asked.has('dpop_jkt'),
  });
}

/** In our own forms, the last value of a repeated parameter counts. */
const lastValues = (parameters: URLSearchParams): URLSearchParams =>
  new URLSearchParams(Object.fromEntries(parameters));

function recordLaunch({ recent }: OAuthWorld, { parameters }: ParsedRequest, answer: Answer): void {
  const token = recordRedirect(answer, 'launch');
  if (token !== undefined) addRecent(recent.launches, { token, clientId: parameters.get('app') ?? '', bound: false });
}

function recordTokens({ ledger, recent }: OAuthWorld, { parameters }: ParsedRequest, answer: Answer): void {
  const { access_token: access, refresh_token: refresh, token_type: type } = jsonOf(answer) ?? {};
  const sent = parameters.get(parameters.get('grant_type') === 'refresh_token' ? 'refresh_token' : 'code') ?? '';
  const clientId = ledger.owners.get(sent) ?? '';
  const bound = type === 'DPoP';
  if (parameters.get('grant_type') === 'authorization_code') {
    ledger.exchanged.set(sent, (ledger.exchanged.get(sent) ?? 0) + 1);
  }
  // An access token of a backend app can't be used for userinfo, because it has no user.
  if (typeof access === 'string' && clientId !== '') addRecent(recent.access, { token: access, clientId, bound });
  if (typeof refresh !== 'string') return;
  ledger.owners.set(refresh, clientId);
  ledger.successors.set(sent, (ledger.successors.get(sent) ?? new Set()).add(refresh));
  addRecent(recent.refresh, { token: refresh, clientId, bound });
}

function recordPushedRequest(
  { ledger, recent }: OAuthWorld,
  { parameters, clientId = '' }: ParsedRequest,
  answer: Answer,
): void {
  const token = String(jsonOf(answer)?.['request_uri']);
  const pushed = new URLSearchParams([...parameters]);
  pushed.set('client_id', clientId);
  ledger.pushed.set(token, pushed);
  addRecent(recent.pushed, { token, clientId, bound: pushed.has('dpop_jkt') });
}

/** Records an app that registered itself (RFC 7591 §3.2.1, RFC 7592 §2). */
function recordRegistration(world: OAuthWorld, { method, url }: EncodedRequest, answer: Answer): void {
  const { ledger, recent } = world;
  const app = readApp(world, answer);
  const gone = method === 'DELETE' && answer.statusCode === 204;
  const clientId = gone ? /[^/?]+(?=[/?]*$)/.exec(url)?.[0] : app?.clientId;
  if (clientId === undefined) return;
  const at = recent.registered.findIndex((one) => one.app.clientId === clientId);
  const [known] = at < 0 ? [] : recent.registered.splice(at, 1);
  ledger.uris.set(clientId, new Set(app?.redirectUris));
  if (app === undefined) return;
  const secret = app.secret === '' && app.auth === 'secret' ? (known?.app.secret ?? '') : app.secret;
  addRecent(recent.registered, {
    app: { ...app, secret },
    token: String(jsonOf(answer)?.['registration_access_token']),
  });
}

function readApp({ keys }: OAuthWorld, answer: Answer): KnownApp | undefined {
  const json = jsonOf(answer);
  if (answer.statusCode >= 300 || json === undefined || typeof json['client_id'] !== 'string') return undefined;
  const { client_id: clientId, token_endpoint_auth_method: method } = json;
  const auth = method === 'none' || method === 'private_key_jwt' ? method : 'secret';
  return {
    clientId,
    kind: 'patient',
    auth,
    secret: String(json['client_secret'] ?? ''),
    redirectUris: json['redirect_uris'] as string[],
    api: 'r4',
    dpopBound: json['dpop_bound_access_tokens'] === true,
    mayIntrospect: false,
    neverSucceeds: false,
    ...(auth === 'private_key_jwt' ? { assertion: () => keys.assertionFor(clientId) } : {}),
  };
}

function recordBrowser({ recent }: OAuthWorld, answer: Answer): void {
  const cookie = answer.cookies.find(({ name }) => name === 'browser');
  const { csrf } = hiddenFields(answer.body);
  if (cookie !== undefined && csrf !== undefined)
    addRecent(recent.browsers, { cookie: `browser=${cookie.value}`, csrf });
}
