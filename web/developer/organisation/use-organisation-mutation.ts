import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../shell/api.ts';
import { notify } from '../../shell/notifications.tsx';

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
  undo,
  onDone,
}: {
  readonly successMessage?: string;
  /** Reverses the change. The notification offers it. */
  readonly undo?: () => void;
  readonly onDone?: (response: Answer) => void;
} = {}) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ method, path, body }: OrganisationRequest) => api<Answer>(method, path, body),
    async onSuccess(response) {
      onDone?.(response);
      await Promise.all([
        client.invalidateQueries({ queryKey: ['organisations'] }),
        client.invalidateQueries({ queryKey: ['session'] }),
      ]);
      if (successMessage !== undefined) notify(successMessage, undo);
    },
  });
}
