import { type Answer, type Endpoint, isHtml, jsonOf, type ParsedRequest } from '../parsed-request.ts';

const PAGES: ReadonlySet<Endpoint> = new Set(['sign-in', 'launch', 'authorize', 'record', 'decision']);

/** Checks the error format: HTML pages for people, JSON for apps. */
export function checkErrorFormat(reading: ParsedRequest, answer: Answer): string | undefined {
  const { method, endpoint } = reading;
  if (method === 'HEAD' || method === 'OPTIONS') return undefined;
  // Both formats are right for an unknown path, and at a page for methods other than GET and POST.
  const either = endpoint === undefined || (isPage(endpoint) && method !== 'GET' && method !== 'POST');
  if (either || (isPage(endpoint) && answer.statusCode === 404)) return checkPage(answer) && checkJson(answer);
  return isPage(endpoint) ? checkPage(answer) : (checkJson(answer) ?? checkMembers(endpoint, answer));
}

const isPage = (endpoint: Endpoint): boolean => PAGES.has(endpoint);

function checkPage(answer: Answer): string | undefined {
  if (answer.statusCode === 303 && answer.headers.location !== undefined) return undefined;
  if (!isHtml(answer)) return `no page: ${answer.headers['content-type']}`;
  return /^<!doctype html>/i.test(answer.body) ? undefined : 'a page that is no HTML';
}

/** Checks a JSON response. Errors follow RFC 6749 §5.2, except at FHIR paths. */
function checkJson(answer: Answer): string | undefined {
  const { statusCode, headers, body } = answer;
  if (body === '' && (statusCode === 200 || statusCode === 204)) return undefined;
  const read = jsonOf(answer);
  if (!/^application\/(fhir\+)?json\b/.test(String(headers['content-type'])) || read === undefined) {
    return `no JSON: ${headers['content-type']}`;
  }
  if (statusCode < 400 || read['resourceType'] === 'OperationOutcome') return undefined;
  if (typeof read['error'] !== 'string' || !/^[a-z_]+$/.test(read['error'])) return 'a refusal without error';
  const words = read['error_description'];
  if (typeof words !== 'string' || !/^[ !#-[\]-~]+$/.test(words)) return 'error_description is no plain ASCII';
  return statusCode === 401 && headers['www-authenticate'] === undefined ? '401 without a challenge' : undefined;
}

/**
 * Members that a JSON response must have, by endpoint: RFC 6749 §5.1, RFC 7662 §2.2, RFC 9126 §2.2, RFC 7591 §3.2.1,
 * OpenID Connect Core §5.3.2.
 */
const MEMBERS: Partial<Record<Endpoint, readonly string[]>> = {
  token: ['access_token', 'token_type', 'expires_in', 'scope'],
  introspect: ['active'],
  par: ['request_uri', 'expires_in'],
  register: ['client_id', 'redirect_uris', 'registration_access_token', 'registration_client_uri'],
  manage: ['client_id', 'redirect_uris', 'registration_access_token', 'registration_client_uri'],
  userinfo: ['sub'],
};

function checkMembers(endpoint: Endpoint, answer: Answer): string | undefined {
  if (answer.statusCode >= 400) return undefined;
  const missing = (MEMBERS[endpoint] ?? []).filter((name) => jsonOf(answer)?.[name] === undefined);
  if (answer.statusCode === 204 || missing.length === 0) return undefined;
  return `${endpoint} answered ${answer.statusCode} without ${missing.join()}`;
}
