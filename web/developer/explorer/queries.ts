import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { ExplorerAnswer, TestPatientsAnswer } from '../../../src/portal/contract/explorer.ts';
import { ApiProblem, api } from '../../shell/api.ts';
import { sessionQuery, useSession } from '../../shell/session.ts';
import type { OpenApi, OpenApis } from './open-api.ts';

const forGood = { staleTime: Number.POSITIVE_INFINITY } as const;

/** Facts about the explorer's client and the OpenAPI documents. */
export function useExplorer() {
  const about = useAbout();
  const paths = about.data?.openApi;
  const documents = useQuery({
    queryKey: ['explorer', 'open-api', paths],
    queryFn: async (): Promise<OpenApis> => {
      const [r4, dstu2] = await Promise.all([readDocument(paths?.r4), readDocument(paths?.dstu2)]);
      return { r4, dstu2 };
    },
    enabled: paths !== undefined,
    ...forGood,
  });
  useSessionBack(about.data);
  const failed = about.error === null ? documents : about;
  return { about: about.data, documents: documents.data, error: failed.error, again: () => void failed.refetch() };
}

export const useAbout = () =>
  useQuery({
    queryKey: ['explorer', 'about'],
    queryFn: () => api<ExplorerAnswer>('GET', '/developer/explorer'),
    // Loaded once per page, because another tab may be signing in at the moment.
    ...forGood,
    refetchOnWindowFocus: false,
  });

async function readDocument(path = ''): Promise<OpenApi> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${response.status} ${path}`);
  return response.json();
}

/** Restores the developer's session after an abandoned authorization. */
function useSessionBack(about: ExplorerAnswer | undefined): void {
  const back = useBringSessionBack();
  const waits = about?.waiting === true;
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs once, when it is known that a session was set aside
  useEffect(() => {
    if (waits) void back();
  }, [waits]);
}

/** Restores the session that was set aside, and reloads the signed-in user. */
export function useBringSessionBack(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    await api('POST', '/developer/explorer/return');
    await queries.refetchQueries(sessionQuery);
    await queries.invalidateQueries({ queryKey: ['explorer', 'about'] });
  };
}

/** Data is undefined without an error if there is no sandbox. */
export function useTestPatients() {
  const { sandbox } = useSession();
  return useQuery({
    queryKey: ['test-patients'],
    queryFn: () => api<TestPatientsAnswer>('GET', '/developer/test-patients'),
    enabled: sandbox,
    staleTime: 60_000,
    retry: (count, error) => count < 2 && !(error instanceof ApiProblem),
  });
}
