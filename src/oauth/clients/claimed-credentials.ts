import { decodeJwt, type JWTPayload } from 'jose';
import { nonEmptyText, Problem } from '../../kernel/index.ts';
import { invalidRequest, type OAuthParameters } from '../parameters.ts';

/**
 * Client id and credentials as a request claims them, in the Authorization header, body or query. Nothing is verified
 * yet.
 */
export interface ClaimedClient {
  readonly clientId: string | undefined;
  /** Whether the client id comes from the `sub` claim of the assertion, because the request has no `client_id`. */
  readonly bySubject: boolean;
  readonly secret: string | undefined;
  /** The JWT in `client_assertion` (RFC 7521 §4.2). Its `client_assertion_type` has been checked. */
  readonly assertion: string | undefined;
}

/** The only supported value of `client_assertion_type`. RFC 7523 §2.2 */
export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/**
 * Reads the client's credentials from Basic authentication, form body and query, in any combination without
 * contradictions. RFC 6749 §2.3.1 asks clients to use one method, but clients written for NextGen's guide put id and
 * secret in the query, and some clients use Basic authentication and repeat the client_id in the body.
 */
export function readClaimedClient(authorization: string | undefined, parameters: OAuthParameters): ClaimedClient {
  const sent = { clientId: parameters['client_id'], secret: parameters['client_secret'] };
  const basic = readBasic(authorization);
  if (basic === undefined && /^basic\b/i.test(authorization ?? '')) {
    throw invalidClient(
      'The Authorization header can’t be read. Send "Basic", a space, and client_id:client_secret in base64.',
    );
  }
  const assertion = readAssertion(parameters);
  if (assertion !== undefined && (basic ?? sent).secret !== undefined) {
    throw invalidRequest(
      'Both client_secret and client_assertion were sent. Send only the one that this app is registered for.',
    );
  }
  if (basic === undefined) {
    const bySubject = sent.clientId === undefined && assertion !== undefined;
    return { ...sent, clientId: bySubject ? requireSubject(assertion) : sent.clientId, bySubject, assertion };
  }
  if ((sent.clientId ?? basic.clientId) !== basic.clientId || (sent.secret ?? basic.secret) !== basic.secret) {
    throw invalidRequest(
      'The Authorization header and the parameters name different clients. Send the credentials once.',
    );
  }
  return { ...basic, bySubject: false, assertion };
}

/**
 * Reads client id and secret from Basic authentication. RFC 6749 §2.3.1 requires clients to form-encode both before
 * joining them. Clients that forget to do so also work.
 */
function readBasic(authorization: string | undefined): { clientId: string; secret: string } | undefined {
  const encoded = /^basic\s+([\w+/=-]+)$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0) return undefined;
  return { clientId: decodeFormText(text.slice(0, colon)), secret: decodeFormText(text.slice(colon + 1)) };
}

function decodeFormText(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

function readAssertion(parameters: OAuthParameters): string | undefined {
  const assertion = parameters['client_assertion'];
  const type = parameters['client_assertion_type'];
  if (assertion === undefined && type === undefined) return undefined;
  if (type !== ASSERTION_TYPE) {
    throw invalidRequest(
      `client_assertion_type must be ${ASSERTION_TYPE}; it ${type === undefined ? 'is missing' : 'has another value'}.`,
    );
  }
  if (assertion === undefined) throw invalidRequest('client_assertion is missing.');
  return assertion;
}

/**
 * Returns the client id that a request claims, even if its credentials are malformed. It may come from the subject of
 * an assertion (RFC 7521 §4.2). Nothing is verified: the id is used to log errors.
 */
export function readClaimedClientId(
  authorization: string | undefined,
  parameters: OAuthParameters,
): string | undefined {
  return readBasic(authorization)?.clientId ?? parameters['client_id'] ?? readSubject(parameters['client_assertion']);
}

/**
 * Returns the client id from the `sub` claim of an assertion, which must name the client (RFC 7523 §3, item 2). Used
 * for requests without a `client_id` parameter.
 */
function requireSubject(assertion: string): string {
  const claims = decodeClaims(assertion);
  if (claims === undefined) throw invalidClient('client_assertion isn’t a signed JWT.');
  const subject = readSubject(assertion);
  if (subject === undefined) throw invalidClient('client_assertion has no sub. Set both sub and iss to the client_id.');
  return subject;
}

function readSubject(assertion: string | undefined): string | undefined {
  const sub = assertion === undefined ? undefined : decodeClaims(assertion)?.sub;
  return nonEmptyText(sub);
}

/** The assertion that was decoded last. Several steps of a request read its claims, one right after the other. */
let lastDecoded: { readonly assertion: string; readonly claims: JWTPayload | undefined } | undefined;

/** Decodes the claims of an assertion. Nothing is verified. Returns undefined if the assertion isn't a JWT. */
export function decodeClaims(assertion: string): JWTPayload | undefined {
  if (lastDecoded?.assertion === assertion) return lastDecoded.claims;
  const claims = tryDecode(assertion);
  lastDecoded = { assertion, claims };
  return claims;
}

function tryDecode(assertion: string): JWTPayload | undefined {
  try {
    return decodeJwt(assertion);
  } catch {
    return undefined;
  }
}

/**
 * Creates an `invalid_client` problem with status 401 (RFC 6749 §5.2). The endpoint adds the WWW-Authenticate
 * challenge.
 */
export const invalidClient = (message: string, retryAfter?: number): Problem =>
  new Problem('invalid_client', { status: 401, message, ...(retryAfter === undefined ? {} : { retryAfter }) });

/**
 * Makes an untrusted value fit for an error message: short and in printable ASCII, which is all that RFC 6749 §5.2
 * allows.
 */
export const toPrintable = (value: unknown): string =>
  (typeof value === 'string' ? value : (JSON.stringify(value) ?? 'missing'))
    .replaceAll(/[^\u0020-\u007e]/g, '?')
    .slice(0, 200);
