import type { LoggedGrant, LoggedRefusal, LoggedRequest } from './logged.ts';
import type { WaitingRow } from './waiting.ts';

const LONGEST = 500;
/**
 * Stored in `parameters` of requests to the authorization server whose caller authenticated. An empty
 * list means that it did not.
 */
const PROVED = ['client_id'];
const MOST_PARAMETERS = 50;

export const rowOfRefusal = (entry: LoggedRefusal, at: Date): WaitingRow => ({
  clientId: entry.clientId,
  at,
  endpoint: storable(entry.endpoint),
  parameters: entry.proved ? PROVED : [],
  others: 0,
  patients: 0,
  status: entry.status,
  error: storable(entry.error),
  cause: storable(entry.cause),
  requestId: storable(entry.requestId),
});

/**
 * Rows of issued tokens reuse the columns of FHIR requests: interaction holds the grant type, type the
 * authentication method, and cause the granted scopes.
 */
export const rowOfGrant = (grant: LoggedGrant, at: Date): WaitingRow => ({
  clientId: grant.clientId,
  at,
  endpoint: 'token',
  interaction: grant.grantType,
  type: grant.auth,
  parameters: PROVED,
  others: 0,
  patients: 0,
  status: 200,
  cause: storable(grant.scope),
  requestId: storable(grant.requestId),
  milliseconds: Math.round(grant.milliseconds),
});

export function rowOfRequest(request: LoggedRequest, at: Date): WaitingRow {
  const { clientId, api, interaction, type, parameters, others, records, about, status, refusal } = request;
  return {
    clientId,
    at,
    endpoint: `fhir-${api}`,
    interaction,
    type,
    parameters: parameters.slice(0, MOST_PARAMETERS),
    others,
    recordId: records.length > 1 ? undefined : (records[0] ?? about),
    patients: records.length,
    resources: request.resources,
    status,
    requestId: storable(request.requestId),
    milliseconds: Math.round(request.milliseconds),
    ...(refusal === undefined ? {} : { error: refusal.error, cause: storable(refusal.cause) }),
  };
}

/**
 * Causes quote what was sent. Control characters, line breaks and characters that change the text
 * direction are replaced, because developers may read the log in a terminal; so are NUL and unpaired
 * surrogates, which PostgreSQL can't store.
 */
const storable = (text: string): string => text.slice(0, LONGEST).replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '\ufffd');
