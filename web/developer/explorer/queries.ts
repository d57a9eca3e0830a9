import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { ExplorerConfigResponse, TestPatientsResponse } from '../../../src/portal-api/contract/explorer.ts';
import { ApiProblem, api } from '../../shell/api.ts';
import { sessionQuery, useSession } from '../../shell/session.ts';
import type { OpenApiDocument, OpenApiDocuments } from './open-api.ts';

const NEVER_STALE = { staleTime: Number.POSITIVE_INFINITY } as const;

/** Returns the settings of the explorer and the OpenAPI documents. */
export function useExplorer() {
  const about = useExplorerInfo();
  const paths = about.data?.openApi;
  const documents = useQuery({
    queryKey: ['explorer', 'open-api', paths],
    queryFn: async (): Promise<OpenApiDocuments> => {
      const [r4, dstu2] = await Promise.all([readDocument(paths?.r4), readDocument(paths?.dstu2)]);
      return { r4, dstu2 };
    },
    enabled: paths !== undefined,
    ...NEVER_STALE,
  });
  useRestoredSession(about.data);
  const failed = about.error === null ? documents : about;
  return { about: about.data, documents: documents.data, error: failed.error, again: () => void failed.refetch() };
}

export const useExplorerInfo = () =>
  useQuery({
    queryKey: ['explorer', 'about'],
    queryFn: () => api<ExplorerConfigResponse>('GET', '/developer/explorer'),
    // Loads the settings only once per page load. A later request could be answered for a test account, because another
    // tab of this browser may be signed in as one at that moment.
    ...NEVER_STALE,
    refetchOnWindowFocus: false,
  });

async function readDocument(path = ''): Promise<OpenApiDocument> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${response.status} ${path}`);
  return response.json();
}

/** Restores the developer's session if the developer abandoned an authorization as a test patient. */
function useRestoredSession(about: ExplorerConfigResponse | undefined): void {
  const back = useRestoreSession();
  const waits = about?.waiting === true;
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs once, when it is known that a session was set aside
  useEffect(() => {
    if (waits) void back();
  }, [waits]);
}

/** Returns a function that restores the developer's parked session and reloads who is signed in. */
export function useRestoreSession(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    await api('POST', '/developer/explorer/return');
    await queries.refetchQueries(sessionQuery);
    await queries.invalidateQueries({ queryKey: ['explorer', 'about'] });
  };
}

/** Returns the test patients. If there is no sandbox, the data is undefined without an error. */
export function useTestPatients() {
  const { sandbox } = useSession();
  return useQuery({
    queryKey: ['test-patients'],
    queryFn: () => api<TestPatientsResponse>('GET', '/developer/test-patients'),
    enabled: sandbox,
    staleTime: 60_000,
    retry: (count, error) => count < 2 && !(error instanceof ApiProblem),
  });
}
