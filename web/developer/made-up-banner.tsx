import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { useMessages } from '../i18n/index.ts';
import { MadeUpBanner } from '../shell/made-up-banner.tsx';
import { sessionQuery, useSession } from '../shell/session.ts';

/** Says that a visitor of the sandbox develops made-up apps. Shows nothing to developers with an account of their own. */
export function MadeUpPortalBanner() {
  const { madeUp } = useMessages();
  const { person } = useSession();
  const client = useQueryClient();
  const navigate = useNavigate();
  if (person?.sandboxDeveloper !== true) return null;
  const startOver = async (): Promise<void> => {
    await navigate('/developer/apps');
    // The organization has another id now.
    await client.refetchQueries({ queryKey: sessionQuery.queryKey });
    await client.resetQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionQuery.queryKey[0] });
  };
  return <MadeUpBanner messages={madeUp} path="/developer/made-up/start-over" onStartedOver={startOver} />;
}
