import type { LoggedGrant, LoggedRefusal, LoggedRequest } from './logged.ts';
import type { WaitingRow } from './waiting.ts';

const LONGEST = 500;
/** Of a request to the authorization server one name is kept, where it was proved: whose it is. */
const PROVED = ['client_id'];
const MOST_PARAMETERS = 50;

export const rowOfRefusal = (refusal: LoggedRefusal, at: Date): WaitingRow => ({
  clientId: refusal.clientId,
  at,
  endpoint: storable(refusal.endpoint),
  parameters: refusal.proved ? PROVED : [],
  others: 0,
  patients: 0,
  status: refusal.status,
  error: storable(refusal.error),
  cause: storable(refusal.cause),
  requestId: storable(refusal.requestId),
});

/** The columns that a request to FHIR has for what was done, on what, and why not. */
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
 * Causes quote what was sent. Nothing of it moves a terminal's cursor, begins a line or turns the direction of text where
 * the log is read; and PostgreSQL's text takes neither a NUL nor half a surrogate pair.
 */
const storable = (text: string): string => text.slice(0, LONGEST).replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '\ufffd');
