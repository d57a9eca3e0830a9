import { Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReviewedOrganisation } from '../../../src/portal-api/contract/review.ts';
import { useAdminMessages } from '../../i18n/index.ts';
import { api } from '../../shell/api.ts';
import { ConfirmedIdentity } from '../../shell/confirm-identity.tsx';
import { Dialog } from '../../shell/dialog.tsx';
import { FormActions } from '../../shell/form-actions.tsx';

/** Dialog that explains what the verification of an organization means before it is recorded. */
export function VerifyDialog({
  one,
  close,
  done,
}: {
  readonly one: ReviewedOrganisation;
  readonly close: () => void;
  readonly done: (text: string) => void;
}) {
  const { review } = useAdminMessages();
  const messages = review.organisations;
  const verified = one.verifiedAt !== null;
  const client = useQueryClient();
  const deciding = useMutation({
    mutationFn: () => {
      const path = `/review/organisations/${one.organisationId}`;
      return verified ? api('POST', `${path}/unverify`) : api('POST', `${path}/verify`, { name: one.name });
    },
    onSuccess: () => done(verified ? messages.doneUnverify : messages.doneVerify),
    onSettled: () => client.invalidateQueries({ queryKey: ['review'] }),
  });
  return (
    <Dialog opened onClose={close} title={verified ? messages.unverifyOf(one.name) : messages.verifyOf(one.name)}>
      <ConfirmedIdentity onCancel={close}>
        <Stack gap="md">
          <Text>{verified ? messages.unverifyConsequence : messages.verifyConsequence}</Text>
          <FormActions
            action={deciding}
            label={verified ? messages.unverify : messages.verify}
            onCancel={close}
            onConfirm={() => deciding.mutate()}
          />
        </Stack>
      </ConfirmedIdentity>
    </Dialog>
  );
}
