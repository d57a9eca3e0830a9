import { OAUTH } from '../../../people/patient.ts';
import { ORIGIN } from '../known-apps.ts';
import type { ResponseLedger } from '../oauth-server.ts';
import type { Answer, ParsedRequest } from '../parsed-request.ts';

/**
 * Redirects must lead to our own pages, or to a registered URI of the app that sent the request (RFC 9700 §2.1, §4.11).
 */
export function checkRedirect(
  reading: ParsedRequest,
  { statusCode, headers }: Answer,
  ledger: ResponseLedger,
): string | undefined {
  const { location: to } = headers;
  if (to === undefined) return statusCode >= 300 && statusCode < 400 ? 'a redirect to nowhere' : undefined;
  if (statusCode !== 303) return `a redirect with ${statusCode}`;
  if (/[^\u0021-\u007e]/.test(to)) return 'a location that is no plain text';
  if (to.startsWith('/')) return checkOwnPage(reading, to);
  if (reading.endpoint === 'launch')
    return checkAppRedirect(to, reading.parameters.getAll('app'), ['iss', 'launch'], ledger);
  const { endpoint, inner } = reading;
  // In our own forms, the request is in a hidden field once. No other site can make a browser submit it changed.
  if (endpoint === 'decision')
    return checkAppRedirect(to, inner.getAll('client_id').slice(-1), CODE_PARAMETERS, ledger);
  if (endpoint === 'record') return checkAppRedirect(to, inner.getAll('client_id').slice(-1), ERROR_PARAMETERS, ledger);
  if (endpoint === 'authorize')
    return checkAppRedirect(to, reading.parameters.getAll('client_id'), ERROR_PARAMETERS, ledger);
  return 'a redirect where nobody is redirected';
}

const ERROR_PARAMETERS = ['error', 'error_description', 'state', 'iss'];
/** Parameters of a redirect with a code (RFC 6749 §4.1.2, RFC 9207). */
const CODE_PARAMETERS = [...ERROR_PARAMETERS, 'code'];

function checkOwnPage({ endpoint }: ParsedRequest, to: string): string | undefined {
  if (!URL.canParse(to, ORIGIN) || new URL(to, ORIGIN).origin !== ORIGIN || /^\/[/\\]/.test(to))
    return 'a redirect to another site';
  const { pathname } = new URL(to, ORIGIN);
  if (pathname.startsWith('//')) return 'a redirect to a path that reads as another site';
  if (endpoint === 'sign-in' || pathname === '/sign-in') return undefined;
  // A path with `..` after the practice portal's path leads to the portal, which redirects to its patients.
  if (endpoint === undefined && /^\/practice\/\d+\/patients$/.test(pathname)) return undefined;
  return endpoint === 'authorize' && pathname === `${OAUTH}/authorize`
    ? undefined
    : 'a redirect to a page that does not follow';
}

/**
 * Checks that a redirect leads to a registered URI of the app, with no other parameters than such a response may have.
 */
function checkAppRedirect(
  to: string,
  named: readonly string[],
  allowed: readonly string[],
  { uris }: ResponseLedger,
): string | undefined {
  const [clientId, ...others] = new Set(named);
  if (clientId === undefined || others.length > 0) return 'a redirect for a request that does not name one app';
  // A registered URI may be the start of another one. It is enough if one of them matches.
  const problems = [...(uris.get(clientId) ?? [])]
    .map((uri) => addedPart(to, uri))
    .filter((query) => query !== undefined)
    .map((query) => checkParameters(new URLSearchParams(query), allowed));
  if (problems.length === 0) return 'a redirect to an address that this app has not registered';
  return problems.includes(undefined) ? undefined : problems[0];
}

function checkParameters(parameters: URLSearchParams, allowed: readonly string[]): string | undefined {
  const stray = [...parameters.keys()].filter((name) => !allowed.includes(name));
  if (stray.length > 0) return `a redirect with ${stray.join()}`;
  if (!parameters.has('iss') || new Set(parameters.keys()).size < parameters.size)
    return 'a redirect without iss, or with a parameter twice';
  return parameters.has('code') && parameters.has('error') ? 'a redirect with a code and an error' : undefined;
}

/**
 * Returns what was added to a registered URI. Undefined if the redirect leads to another URI. A loopback URI may have
 * any port (RFC 8252 §7.3).
 */
function addedPart(to: string, uri: string): string | undefined {
  const [asked, known] = [withoutPort(to), withoutPort(uri)];
  const begin = `${known}${known.includes('?') ? '&' : '?'}`;
  return asked.startsWith(begin) ? asked.slice(begin.length) : undefined;
}

const withoutPort = (uri: string): string => uri.replace(/^(http:\/\/(?:127\.0\.0\.1|\[::1\])):\d+(?=[/?]|$)/, '$1');
