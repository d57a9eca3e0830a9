import { queryOptions } from '@tanstack/react-query';
import { createContext, use } from 'react';
import { type PortalSession, readSession } from './api.ts';

export const sessionQuery = queryOptions({ queryKey: ['session'], queryFn: readSession, staleTime: 60_000 });

export const SessionContext = createContext<PortalSession | undefined>(undefined);

/** Returns the signed-in user and facts about this server. Throws outside the React context that provides them. */
export function useSession(): PortalSession {
  const session = use(SessionContext);
  if (session === undefined) throw new Error('no session here');
  return session;
}
