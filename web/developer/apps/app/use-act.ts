import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useWords } from '../../../words/index.ts';
import { actOn } from '../queries.ts';

/** Something that is done to an app: what is known of it is read anew then, and it is said that it is done. */
export function useAct<Answer = unknown>(
  clientId: string,
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  act: string,
  { said, onDone }: { readonly said?: string; readonly onDone?: (answer: Answer) => void } = {},
) {
  const client = useQueryClient();
  const closeButtonProps = { 'aria-label': useWords().shell.close };
  return useMutation({
    mutationFn: (body?: unknown) => actOn<Answer>(method, clientId, act, body),
    async onSuccess(answer) {
      await Promise.all([
        client.invalidateQueries({ queryKey: ['apps', 'one', clientId] }),
        client.invalidateQueries({ queryKey: ['apps', 'list'] }),
      ]);
      if (said !== undefined) notifications.show({ color: 'green', message: said, closeButtonProps });
      onDone?.(answer);
    },
  });
}
