import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../shell/api.ts';
import { useWords } from '../../words/index.ts';

interface Act {
  readonly method: 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
}

/** Something that is done to an organization: what is known of it, and of oneself, is read anew, and it is said that it is done. */
export function useAct<Answer = unknown>({
  said,
  onDone,
}: {
  readonly said?: string;
  readonly onDone?: (answer: Answer) => void;
} = {}) {
  const client = useQueryClient();
  const { shell } = useWords();
  return useMutation({
    mutationFn: ({ method, path, body }: Act) => api<Answer>(method, path, body),
    async onSuccess(answer) {
      onDone?.(answer);
      await Promise.all([
        client.invalidateQueries({ queryKey: ['organisations'] }),
        client.invalidateQueries({ queryKey: ['session'] }),
      ]);
      if (said !== undefined) {
        const closeButtonProps = { 'aria-label': shell.close };
        notifications.show({ color: 'green', message: said, closeButtonProps });
      }
    },
  });
}
