import { queryOptions } from '@tanstack/react-query';
import type {
  AppDraft,
  AppEventResponse,
  AppResponse,
  AppSummary,
  CatalogResponse,
  CodeSamplesResponse,
  DraftIssuesResponse,
} from '../../../src/portal-api/contract/apps.ts';
import type { ReportedFieldError } from '../../i18n/error-message.ts';
import type { Language } from '../../i18n/index.ts';
import { ApiProblem, api } from '../../shell/api.ts';

export const catalogueQuery = (language: Language) =>
  queryOptions({
    queryKey: ['apps', 'catalogue', language],
    queryFn: () => api<CatalogResponse>('GET', `/developer/catalogue?language=${language}`),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const appsQuery = (organisationId: string) =>
  queryOptions({
    queryKey: ['apps', 'list', organisationId],
    queryFn: () => api<AppSummary[]>('GET', `/developer/apps?organisation=${organisationId}`),
  });

/** Returns the path of an app in the JSON API. */
export const appPath = (clientId: string): string => `/developer/apps/${encodeURIComponent(clientId)}`;

/** Shortest and longest time in milliseconds between two requests while a developer waits for the app's first data. */
const [FIRST_POLL_MS, LAST_POLL_MS] = [10_000, 120_000];

/** Returns the time in milliseconds until the next request. It doubles with each request. */
const pollInterval = (requests: number): number =>
  Math.min(FIRST_POLL_MS * 2 ** Math.max(0, requests - 1), LAST_POLL_MS);

/** Returns whether an app could still receive its first data. A suspended, rejected or retired app can't. */
const isAwaitingFirstData = ({ firstCallAt, state }: AppResponse): boolean =>
  firstCallAt === null && (state === 'provisional' || state === 'active');

export const appQuery = (clientId: string) =>
  queryOptions({
    queryKey: ['apps', 'one', clientId],
    queryFn: () => api<AppResponse>('GET', appPath(clientId)),
    // Polling stops while the tab is hidden. The query is also refetched when the developer returns to the tab.
    refetchInterval: ({ state: { data, dataUpdateCount, errorUpdateCount } }) =>
      data !== undefined && isAwaitingFirstData(data) ? pollInterval(dataUpdateCount + errorUpdateCount) : false,
    refetchIntervalInBackground: false,
  });

export const historyQuery = (clientId: string) =>
  queryOptions({
    queryKey: ['apps', 'one', clientId, 'history'],
    queryFn: () => api<AppEventResponse[]>('GET', `${appPath(clientId)}/history`),
  });

export const environmentQuery = (clientId: string) =>
  queryOptions({
    queryKey: ['apps', 'one', clientId, 'environment'],
    queryFn: () => api<CodeSamplesResponse>('GET', `${appPath(clientId)}/environment`),
  });

/**
 * Query that validates a draft by the server's rules.
 * @param clientId the app that the draft changes; undefined for a new app
 */
export const draftErrorsQuery = (draft: AppDraft, clientId: string | undefined) =>
  queryOptions({
    queryKey: ['apps', 'faults', clientId, draft],
    queryFn: async () => ({ errors: await validateDraft(draft, clientId), draft }),
    staleTime: 60_000,
    gcTime: 60_000,
  });

/**
 * Validates a draft on the server. If a value violates the schema of the request, such as a name that is too long, the
 * error is reported like any other field error.
 */
async function validateDraft(draft: AppDraft, clientId: string | undefined): Promise<readonly ReportedFieldError[]> {
  try {
    return (await api<DraftIssuesResponse>('POST', draftCheckPath(clientId), draft)).faults;
  } catch (error) {
    const isInvalid = error instanceof ApiProblem && error.problem.code === 'fields-invalid';
    if (isInvalid && error.problem.errors !== undefined) return error.problem.errors;
    throw error;
  }
}

const draftCheckPath = (clientId: string | undefined): string =>
  `/developer/checks/draft${clientId === undefined ? '' : `?clientId=${encodeURIComponent(clientId)}`}`;

export const sendAppRequest = <Answer>(
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  clientId: string,
  subPath: string,
  body?: unknown,
) => api<Answer>(method, `${appPath(clientId)}/${subPath}`, body);
