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

/** Milliseconds between two looks for an app's first data: its developer waits for it. */
const WATCH = 3_000;

/** What is stopped reads nothing, however long one looks. */
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

/** What is wrong with a draft, by the server’s own rules. @param clientId of the app that it is a change of */
export const faultsQuery = (draft: AppDraft, clientId: string | undefined) =>
  queryOptions({
    queryKey: ['apps', 'faults', clientId, draft],
    queryFn: async () => ({ faults: await faultsIn(draft, clientId), draft }),
    staleTime: 60_000,
    gcTime: 60_000,
  });

/** What the form of a draft refuses (a name that is too long) is a fault of its field like any other. */
async function faultsIn(draft: AppDraft, clientId: string | undefined): Promise<readonly FieldFault[]> {
  try {
    return (await api<FaultsAnswer>('POST', checkOf(clientId), draft)).faults;
  } catch (error) {
    const refused = error instanceof ApiProblem && error.answer.code === 'fields-invalid';
    if (refused && error.answer.errors !== undefined) return error.answer.errors;
    throw error;
  }
}

const checkOf = (clientId: string | undefined): string =>
  `/developer/checks/draft${clientId === undefined ? '' : `?clientId=${encodeURIComponent(clientId)}`}`;

/** Something that is done to an app. */
export const actOn = <Answer>(
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  clientId: string,
  act: string,
  body?: unknown,
) => api<Answer>(method, `${place(clientId)}/${act}`, body);
