import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMessages } from '../../../i18n/index.ts';
import { sendAppRequest } from '../queries.ts';

/** Returns a mutation that changes an app. On success it reloads the app and shows a notification. */
export function useAppMutation<Answer = unknown>(
  clientId: string,
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  subPath: string,
  { successMessage, onDone }: { readonly successMessage?: string; readonly onDone?: (response: Answer) => void } = {},
) {
  const client = useQueryClient();
  const closeButtonProps = { 'aria-label': useMessages().shell.close };
  return useMutation({
    mutationFn: (body?: unknown) => sendAppRequest<Answer>(method, clientId, subPath, body),
    async onSuccess(response) {
      await Promise.all([
        client.invalidateQueries({ queryKey: ['apps', 'one', clientId] }),
        client.invalidateQueries({ queryKey: ['apps', 'list'] }),
      ]);
      if (successMessage !== undefined)
        notifications.show({ color: 'green', message: successMessage, closeButtonProps });
      onDone?.(response);
    },
  });
}
