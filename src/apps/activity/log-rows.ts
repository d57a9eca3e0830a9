import type { LoggedError, LoggedRequest, LoggedToken } from '../../domain/index.ts';
import type { BufferedRow } from './write-buffer.ts';

const MAX_LENGTH = 500;
/**
 * Value of the column `parameters` for a request to the authorization server whose caller
 * authenticated. For an unauthenticated caller the column holds an empty list.
 */
const PROVED_PARAMETERS = ['client_id'];
const MAX_PARAMETERS = 50;

export const toErrorRow = (entry: LoggedError, at: Date): BufferedRow => ({
  clientId: entry.clientId,
  at,
  endpoint: sanitize(entry.endpoint),
  parameters: entry.proved ? PROVED_PARAMETERS : [],
  others: 0,
  patients: 0,
  status: entry.status,
  error: sanitize(entry.error),
  cause: sanitize(entry.cause),
  requestId: sanitize(entry.requestId),
});

/**
 * Builds the log row of an issued token. It reuses the columns of FHIR requests: `interaction`
 * holds the grant type, `type` the authentication method, and `cause` the granted scopes.
 */
export const toTokenRow = (token: LoggedToken, at: Date): BufferedRow => ({
  clientId: token.clientId,
  at,
  endpoint: 'token',
  interaction: token.grantType,
  type: token.auth,
  parameters: PROVED_PARAMETERS,
  others: 0,
  patients: 0,
  status: 200,
  cause: sanitize(token.scope),
  requestId: sanitize(token.requestId),
  milliseconds: Math.round(token.milliseconds),
});

export function toRequestRow(request: LoggedRequest, at: Date): BufferedRow {
  const { clientId, api, interaction, type, parameters, disclosedRecordIds, status, rejection } = request;
  const [onlyRecord, ...otherRecords] = disclosedRecordIds;
  return {
    clientId,
    at,
    endpoint: `fhir-${api}`,
    interaction,
    type,
    parameters: parameters.slice(0, MAX_PARAMETERS),
    others: request.unknownParameters,
    recordId: otherRecords.length > 0 ? undefined : (onlyRecord ?? request.contextRecordId),
    patients: disclosedRecordIds.length,
    resources: request.resources,
    status,
    requestId: sanitize(request.requestId),
    milliseconds: Math.round(request.milliseconds),
    ...(rejection === undefined ? {} : { error: rejection.error, cause: sanitize(rejection.cause) }),
  };
}

/**
 * Makes text from a request safe to log. Replaces control characters, line breaks and characters
 * that change the text direction, because developers may read the log in a terminal. Also replaces
 * NUL and unpaired surrogates, which PostgreSQL can't store.
 */
const sanitize = (text: string): string => text.slice(0, MAX_LENGTH).replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '\ufffd');
