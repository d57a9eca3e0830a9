import { createHash } from 'node:crypto';
import type { OAuthWorld } from '../oauth-server.ts';
import { type Answer, jsonOf, type ParsedRequest } from '../parsed-request.ts';

/** Responses with tokens, codes, secrets, sessions or personal forms must not be cacheable (RFC 6749 §5.1). */
export function checkNoStore(reading: ParsedRequest, { statusCode, headers, body }: Answer): string | undefined {
  const carries =
    /[?&](code|launch)=/.test(headers.location ?? '') ||
    headers['set-cookie'] !== undefined ||
    /name="csrf"|"(access_token|refresh_token|client_secret|registration_access_token|request_uri)":/.test(body) ||
    (reading.endpoint === 'introspect' && statusCode === 200);
  if (!carries || /\bno-store\b/.test(String(headers['cache-control']))) return undefined;
  return `an answer with something secret in it, and cache-control: ${headers['cache-control']}`;
}

/**
 * Tokens must be issued only to the client that the code or refresh token belongs to (RFC 6749 §4.1.3 and §6, RFC 7636
 * §4.6).
 */
export function checkTokenRecipient(
  reading: ParsedRequest,
  answer: Answer,
  { ledger }: OAuthWorld,
): string | undefined {
  if (reading.endpoint !== 'token' || answer.statusCode !== 200) return undefined;
  const { parameters, clientId } = reading;
  const grant = parameters.get('grant_type');
  if (grant === 'client_credentials') return undefined;
  const token = parameters.get(grant === 'refresh_token' ? 'refresh_token' : 'code') ?? '';
  const owner = ledger.owners.get(token);
  if (owner === undefined) return 'tokens for something that was never given out';
  if (owner !== (clientId ?? owner)) return 'tokens for an app that it was not given to';
  return grant === 'refresh_token' ? undefined : checkCodeVerifier(parameters, ledger.asked.get(token));
}

function checkCodeVerifier(sent: URLSearchParams, asked: URLSearchParams | undefined): string | undefined {
  if (asked?.get('redirect_uri') !== sent.get('redirect_uri')) return 'tokens for another redirect_uri';
  const verifier = sent.get('code_verifier');
  const challenge = verifier === null ? null : createHash('sha256').update(verifier).digest('base64url');
  // RFC 6749 §3.1: a parameter with an empty value counts as omitted.
  return (asked.get('code_challenge') || null) === challenge ? undefined : 'tokens for another code_verifier';
}

/** Introspection must describe a token only to its own app, and to apps that may introspect any token (RFC 7662 §4). */
export function checkIntrospection(reading: ParsedRequest, answer: Answer, { apps }: OAuthWorld): string | undefined {
  if (reading.endpoint !== 'introspect' || answer.statusCode !== 200) return undefined;
  const { active, client_id } = jsonOf(answer) ?? {};
  if (active !== true || client_id === reading.clientId) return undefined;
  if (apps.some((app) => app.mayIntrospect && app.clientId === reading.clientId)) return undefined;
  return 'a token that is active for another app';
}

/** Registered URIs of an app must not be script or file URLs (RFC 7591 §5, RFC 8252 §7). */
export function checkRegistration(reading: ParsedRequest, answer: Answer): string | undefined {
  if (reading.endpoint !== 'register' && reading.endpoint !== 'manage') return undefined;
  const uris = jsonOf(answer)?.['redirect_uris'] ?? [];
  const bad = (Array.isArray(uris) ? uris : [uris]).find((uri) => !isAllowedUri(uri));
  return bad === undefined ? undefined : 'a redirect URI that no app may have';
}

const isAllowedUri = (uri: unknown): boolean =>
  typeof uri === 'string' &&
  /^[!-~]+$/.test(uri) &&
  !/[#\\]|@/.test(uri.replace(/\?.*$/, '')) &&
  (/^https:\/\/[^/]/i.test(uri) ||
    /^http:\/\/(127\.0\.0\.1|\[::1\]|localhost)([:/?]|$)/i.test(uri) ||
    /^[a-z][a-z0-9+-]*\.[a-z0-9+.-]*:/i.test(uri));
