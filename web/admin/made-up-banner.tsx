import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { useAdminMessages } from '../i18n/index.ts';
import { MadeUpBanner } from '../shell/made-up-banner.tsx';

/** Says that a visitor of the sandbox reviews made-up apps and practices. */
export function MadeUpReviewBanner() {
  const { madeUp } = useAdminMessages().review;
  const client = useQueryClient();
  const navigate = useNavigate();
  const startOver = async (): Promise<void> => {
    await navigate('/review');
    await client.resetQueries({ queryKey: ['review'] });
    await client.resetQueries({ queryKey: ['brands'] });
  };
  return <MadeUpBanner messages={madeUp} path="/review/made-up/start-over" onStartedOver={startOver} />;
}
