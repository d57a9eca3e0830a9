import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMessages } from '../../../i18n/index.ts';
import { Dialog } from '../../../shell/dialog.tsx';
import { SecretShownOnce } from './secret-shown-once.tsx';

const KEY = ['apps', 'gained-secret'];

/**
 * Holds a new client secret in memory until the developer has saved it. The secret can't be state of the form that
 * requested it, because React creates that form again after the change.
 */
export const pendingSecret = {
  show: (client: QueryClient, secret: string) => client.setQueryData(KEY, secret),
};

export function PendingSecret() {
  const { credentials, registered } = useMessages().apps;
  const client = useQueryClient();
  const secret = useQuery<string | null>({ queryKey: KEY, queryFn: () => null, enabled: false }).data;
  if (typeof secret !== 'string') return null;
  return (
    <Dialog opened onClose={() => {}} closable={false} title={credentials.newSecret}>
      <SecretShownOnce label={registered.secret} secret={secret} onDone={() => client.setQueryData(KEY, null)} />
    </Dialog>
  );
}
