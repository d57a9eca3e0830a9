import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMessages } from '../../i18n/index.ts';
import { api } from '../../shell/api.ts';

interface OrganisationRequest {
  readonly method: 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
}

/**
 * Returns a mutation that changes an organization. On success it reloads organizations and session, and shows a
 * notification.
 */
export function useOrganisationMutation<Answer = unknown>({
  successMessage,
  onDone,
}: {
  readonly successMessage?: string;
  readonly onDone?: (response: Answer) => void;
} = {}) {
  const client = useQueryClient();
  const { shell } = useMessages();
  return useMutation({
    mutationFn: ({ method, path, body }: OrganisationRequest) => api<Answer>(method, path, body),
    async onSuccess(response) {
      onDone?.(response);
      await Promise.all([
        client.invalidateQueries({ queryKey: ['organisations'] }),
        client.invalidateQueries({ queryKey: ['session'] }),
      ]);
      if (successMessage !== undefined) {
        const closeButtonProps = { 'aria-label': shell.close };
        notifications.show({ color: 'green', message: successMessage, closeButtonProps });
      }
    },
  });
}
