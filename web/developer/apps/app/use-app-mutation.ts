import { useMutation, useQueryClient } from '@tanstack/react-query';
import { notify } from '../../../shell/notifications.tsx';
import { sendAppRequest } from '../queries.ts';

/** Returns a mutation that changes an app. On success it reloads the app and shows a notification. */
export function useAppMutation<Answer = unknown>(
  clientId: string,
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  subPath: string,
  { successMessage, onDone }: { readonly successMessage?: string; readonly onDone?: (response: Answer) => void } = {},
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body?: unknown) => sendAppRequest<Answer>(method, clientId, subPath, body),
    async onSuccess(response) {
      await Promise.all([
        client.invalidateQueries({ queryKey: ['apps', 'one', clientId] }),
        client.invalidateQueries({ queryKey: ['apps', 'list'] }),
      ]);
      if (successMessage !== undefined) notify(successMessage);
      onDone?.(response);
    },
  });
}
