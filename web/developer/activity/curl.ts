import type { AppLogItem } from '../../../src/portal-api/contract/activity.ts';
import type { SessionResponse } from '../../../src/portal-api/contract/session.ts';
import { BEARER_OPTION, joinLines, shellQuote } from '../snippets/curl.ts';

type SessionAddresses = SessionResponse['addresses'];

/**
 * Returns a curl command that repeats a logged request. The log contains no parameter values, so the command has
 * placeholders in angle brackets. The access token of a FHIR request is in the variable `ACCESS_TOKEN`.
 */
export function toCurl(item: AppLogItem, clientId: string, addresses: SessionAddresses): string {
  if (item.endpoint === 'fhir-r4' || item.endpoint === 'fhir-dstu2') return fhirCurl(item, addresses);
  if (item.endpoint === 'authorize') return `curl -i '${addresses.authorize}?${authorization(clientId, addresses)}'`;
  if (item.endpoint === 'register') {
    const url = addresses.token.replace(/\/token$/, `/register/${encodeURIComponent(clientId)}`);
    return joinLines(
      `curl -i -X PUT '${url}'`,
      "-H 'Authorization: Bearer <registration_access_token>'",
      "-H 'Content-Type: application/json'",
      "-d '<metadata>'",
    );
  }
  return formCurl(item.endpoint, item, clientId, addresses);
}

/** Returns a curl command for a first FHIR request, for apps whose log is still empty. */
export const firstRequestCurl = ({ r4 }: SessionAddresses): string =>
  joinLines(`curl -i ${shellQuote(`${r4}/Patient`)}`, BEARER_OPTION);

function fhirCurl({ endpoint, interaction, type, parameters }: AppLogItem, { r4, dstu2 }: SessionAddresses): string {
  const base = endpoint === 'fhir-r4' ? r4 : dstu2;
  const query = parameters.map((name) => `${name}=<${name.replace(/[^a-z]+/gi, '_').replace(/^_/, '')}>`).join('&');
  const paths: Readonly<Record<string, string>> = {
    read: `${type ?? '<type>'}/<id>`,
    document: 'Binary/<id>',
    export: 'Group/<id>/$export',
    search: `${type ?? '<type>'}${query === '' ? '' : `?${query}`}`,
  };
  return joinLines(`curl -i ${shellQuote(`${base}/${paths[interaction ?? 'search']}`)}`, BEARER_OPTION);
}

const authorization = (clientId: string, { r4 }: SessionAddresses): string =>
  `response_type=code&client_id=${encodeURIComponent(clientId)}&redirect_uri=<redirect_uri>&scope=<scope>&state=<state>&aud=${encodeURIComponent(r4)}&code_challenge=<code_challenge>&code_challenge_method=S256`;

function formCurl(
  endpoint: 'par' | 'token' | 'revoke' | 'introspect',
  { interaction }: AppLogItem,
  clientId: string,
  addresses: SessionAddresses,
): string {
  const app = [`-d 'client_id=${clientId}'`, "-d 'client_secret=<client_secret>'"];
  const endpoints = { ...addresses, par: addresses.token.replace(/\/token$/, '/par') };
  const fields = {
    par: ['response_type=code', 'redirect_uri=<redirect_uri>', 'scope=<scope>', 'code_challenge=<code_challenge>'],
    token: TOKEN_FIELDS[interaction ?? ''] ?? [
      'grant_type=authorization_code',
      'code=<code>',
      'redirect_uri=<redirect_uri>',
      'code_verifier=<code_verifier>',
    ],
    revoke: ['token=<token>'],
    introspect: ['token=<token>'],
  };
  return joinLines(`curl -i '${endpoints[endpoint]}'`, ...app, ...fields[endpoint].map((field) => `-d '${field}'`));
}

const TOKEN_FIELDS: Readonly<Record<string, readonly string[]>> = {
  refresh_token: ['grant_type=refresh_token', 'refresh_token=<refresh_token>'],
  client_credentials: ['grant_type=client_credentials', 'scope=<scope>'],
};
