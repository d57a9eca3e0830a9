import { Button, Group, Stack, Title } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type {
  AppDraft,
  CatalogResponse,
  NewAppRequest as NewAppOrder,
  NewAppResponse,
} from '../../../../src/portal-api/contract/apps.ts';
import { useMessages } from '../../../i18n/index.ts';
import { useErrorMessage } from '../../../i18n/use-error-message.ts';
import { api } from '../../../shell/api.ts';
import { ConfirmIdentity, useConfirmedIdentity } from '../../../shell/confirm-identity.tsx';
import { ErrorState } from '../../../shell/page-states.tsx';
import { normalizeDraft } from '../draft/empty-draft.ts';
import { dataUrlToBlob } from '../draft/scale-image.ts';
import { Notice } from '../notice.tsx';
import { sendAppRequest } from '../queries.ts';
import { ConsentPreview } from './consent-preview.tsx';
import { stepErrors } from './steps.ts';
import { Summary } from './summary.tsx';
import type { NewAppState } from './use-new-app.ts';
import { WhatHappensNext } from './what-happens-next.tsx';

/** Last step of the wizard: shows a summary and a preview of the consent page before the app is submitted. */
export function ReviewStep({
  app,
  draft,
  catalogue,
  organisationId,
  onMade,
}: {
  readonly app: NewAppState;
  readonly draft: AppDraft;
  readonly catalogue: CatalogResponse;
  readonly organisationId: string;
  readonly onMade: (response: NewAppResponse, logoError: Error | undefined) => void;
}) {
  const { newApp } = useMessages().apps;
  const submit = useSubmit(app, draft, organisationId, onMade);
  const { errors } = app.errors;
  const isConfirmed = useConfirmedIdentity();
  return (
    <Stack gap="xl">
      {errors.length === 0 ? null : (
        <Notice color="warning" icon={<IconAlertTriangle aria-hidden />} title={newApp.problemCount(errors.length)}>
          <RemainingErrors app={app} />
        </Notice>
      )}
      <Summary app={app} draft={draft} catalogue={catalogue} />
      <ConsentPreview draft={draft} sound={errors.length === 0} of={{ organisationId }} />
      <section>
        <Title order={3} size="h4" mb="sm">
          {useMessages().apps.after.title}
        </Title>
        <WhatHappensNext />
      </section>
      {submit.error === null ? null : <ErrorState error={submit.error} />}
      {isConfirmed ? null : <ConfirmIdentity />}
      <Group justify="space-between">
        <Button variant="subtle" color="gray" onClick={app.startOver}>
          {newApp.startOver}
        </Button>
        {isConfirmed ? (
          <Button size="md" loading={submit.isPending} onClick={() => submit.mutate()}>
            {submit.isPending ? newApp.submitting : newApp.submit}
          </Button>
        ) : null}
      </Group>
    </Stack>
  );
}

/** Lists the errors that remain in the draft, with links to the steps of the wizard where they can be fixed. */
function RemainingErrors({ app }: { readonly app: NewAppState }) {
  const { newApp } = useMessages().apps;
  const getMessage = useErrorMessage();
  const { errors } = app.errors;
  return (
    <Stack component="ul" gap={6} m={0} pl="md">
      {app.steps.flatMap((step) =>
        stepErrors(step, errors).map((fieldError) => (
          <li key={`${fieldError.field} ${fieldError.message}`}>
            <Button
              variant="transparent"
              size="compact-sm"
              px={0}
              c="inherit"
              td="underline"
              styles={{ label: { whiteSpace: 'normal' }, root: { height: 'auto', textAlign: 'start' } }}
              onClick={() => {
                app.errors.touch(fieldError.field);
                app.go(step);
              }}
            >
              {newApp.steps[step]}: {getMessage(fieldError)}
            </Button>
          </li>
        )),
      )}
    </Stack>
  );
}

const toOrder = ({ secretDays }: NewAppState, draft: AppDraft, organisationId: string): NewAppOrder => ({
  organisationId,
  draft: normalizeDraft(draft),
  ...(draft.auth === 'secret' ? { secretDays } : {}),
});

/**
 * Creates the app and then uploads its logo. If the upload fails, the app still exists, because an app without a logo
 * is better than none.
 */
function useSubmit(
  app: NewAppState,
  draft: AppDraft,
  organisationId: string,
  onMade: (response: NewAppResponse, logoError: Error | undefined) => void,
) {
  const client = useQueryClient();
  return useMutation({
    async mutationFn() {
      const made = await api<NewAppResponse>('POST', '/developer/apps', toOrder(app, draft, organisationId));
      const logoError =
        app.logo === undefined
          ? undefined
          : await sendAppRequest('PUT', made.app.clientId, 'logo', dataUrlToBlob(app.logo)).then(
              () => undefined,
              (fieldError: Error) => fieldError,
            );
      return { made, logoError };
    },
    onSuccess({ made, logoError }) {
      void client.invalidateQueries({ queryKey: ['apps', 'list'] });
      onMade(made, logoError);
    },
  });
}
