import { queryOptions } from '@tanstack/react-query';
import type {
  AppAnswer,
  AppDraft,
  AppSummary,
  CatalogueAnswer,
  EnvironmentAnswer,
  EventAnswer,
  FaultsAnswer,
} from '../../../src/portal/contract/apps.ts';
import { ApiProblem, api } from '../../shell/api.ts';
import type { FieldFault } from '../../words/fault.ts';
import type { Language } from '../../words/index.ts';

export const catalogueQuery = (language: Language) =>
  queryOptions({
    queryKey: ['apps', 'catalogue', language],
    queryFn: () => api<CatalogueAnswer>('GET', `/developer/catalogue?language=${language}`),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const appsQuery = (organisationId: string) =>
  queryOptions({
    queryKey: ['apps', 'list', organisationId],
    queryFn: () => api<AppSummary[]>('GET', `/developer/apps?organisation=${organisationId}`),
  });

const place = (clientId: string): string => `/developer/apps/${encodeURIComponent(clientId)}`;

/** Polling interval in milliseconds while the developer waits for the app's first data. */
const WATCH = 3_000;

/** A stopped app can't read data, so there is nothing to wait for. */
const isAwaited = ({ firstCallAt, state }: AppAnswer): boolean =>
  firstCallAt === null && (state === 'provisional' || state === 'active');

export const appQuery = (clientId: string) =>
  queryOptions({
    queryKey: ['apps', 'one', clientId],
    queryFn: () => api<AppAnswer>('GET', place(clientId)),
    refetchInterval: ({ state }) => (state.data !== undefined && isAwaited(state.data) ? WATCH : false),
  });

export const historyQuery = (clientId: string) =>
  queryOptions({
    queryKey: ['apps', 'one', clientId, 'history'],
    queryFn: () => api<EventAnswer[]>('GET', `${place(clientId)}/history`),
  });

export const environmentQuery = (clientId: string) =>
  queryOptions({
    queryKey: ['apps', 'one', clientId, 'environment'],
    queryFn: () => api<EnvironmentAnswer>('GET', `${place(clientId)}/environment`),
  });

/**
 * Validates a draft by the server's rules.
 * @param clientId the app that it changes; undefined for a new app
 */
export const faultsQuery = (draft: AppDraft, clientId: string | undefined) =>
  queryOptions({
    queryKey: ['apps', 'faults', clientId, draft],
    queryFn: async () => ({ errors: await faultsIn(draft, clientId), draft }),
    staleTime: 60_000,
    gcTime: 60_000,
  });

/** Errors of the request schema (such as a name that is too long) are reported like any other field error. */
async function faultsIn(draft: AppDraft, clientId: string | undefined): Promise<readonly FieldFault[]> {
  try {
    return (await api<FaultsAnswer>('POST', checkOf(clientId), draft)).faults;
  } catch (error) {
    const isInvalid = error instanceof ApiProblem && error.answer.code === 'fields-invalid';
    if (isInvalid && error.answer.errors !== undefined) return error.answer.errors;
    throw error;
  }
}

const checkOf = (clientId: string | undefined): string =>
  `/developer/checks/draft${clientId === undefined ? '' : `?clientId=${encodeURIComponent(clientId)}`}`;

export const actOn = <Answer>(
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  clientId: string,
  subPath: string,
  body?: unknown,
) => api<Answer>(method, `${place(clientId)}/${subPath}`, body);
