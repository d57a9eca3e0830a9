import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useWords } from '../../../words/index.ts';
import { actOn } from '../queries.ts';

/** Changes an app. On success it reloads the app and shows a notification. */
export function useAct<Answer = unknown>(
  clientId: string,
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  act: string,
  { said, onDone }: { readonly said?: string; readonly onDone?: (response: Answer) => void } = {},
) {
  const client = useQueryClient();
  const closeButtonProps = { 'aria-label': useWords().shell.close };
  return useMutation({
    mutationFn: (body?: unknown) => actOn<Answer>(method, clientId, act, body),
    async onSuccess(response) {
      await Promise.all([
        client.invalidateQueries({ queryKey: ['apps', 'one', clientId] }),
        client.invalidateQueries({ queryKey: ['apps', 'list'] }),
      ]);
      if (said !== undefined) notifications.show({ color: 'green', message: said, closeButtonProps });
      onDone?.(response);
    },
  });
}
