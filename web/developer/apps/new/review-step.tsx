import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import type {
  CatalogResponse,
  NewAppRequest as NewAppOrder,
  NewAppResponse,
} from '../../../../src/portal-api/contract/apps.ts';
import { useMessages } from '../../../i18n/index.ts';
import { useErrorMessage } from '../../../i18n/use-error-message.ts';
import { api } from '../../../shell/api.ts';
import { ConfirmIdentity, useConfirmedIdentity } from '../../../shell/confirm-identity.tsx';
import { ErrorState } from '../../../shell/page-states.tsx';
import { DataUseFields } from '../draft/data-use-fields.tsx';
import { focusFirstError, useDraft } from '../draft/draft-form.ts';
import { normalizeDraft } from '../draft/empty-draft.ts';
import { OptionalFields } from '../draft/optional-fields.tsx';
import { PolicyFields } from '../draft/policy-fields.tsx';
import { dataUrlToBlob } from '../draft/scale-image.ts';
import { Notice } from '../notice.tsx';
import { sendAppRequest } from '../queries.ts';
import { ConsentPreview } from './consent-preview.tsx';
import { STEPS, stepErrors, stepFields } from './steps.ts';
import { Summary } from './summary.tsx';
import type { NewAppState } from './use-new-app.ts';
import { WhatHappensNext } from './what-happens-next.tsx';

/**
 * Last step of the wizard: shows a summary and a preview of the consent page before the app is submitted. It also has
 * the fields that only patients and reviewers read, which a new app can leave empty.
 */
export function ReviewStep({
  app,
  catalogue,
  organisationId,
  onMade,
}: {
  readonly app: NewAppState;
  readonly catalogue: CatalogResponse;
  readonly organisationId: string;
  readonly onMade: (response: NewAppResponse, logoError: Error | undefined) => void;
}) {
  const { newApp, after } = useMessages().apps;
  const { draft } = app;
  const page = useRef<HTMLDivElement>(null);
  const submit = useSubmit(app, organisationId, (made) => {
    if (made === undefined) focusFirstError(page.current);
    else onMade(made.answer, made.logoError);
  });
  const { errors } = app.errors;
  const isConfirmed = useConfirmedIdentity();
  return (
    <Stack gap="xl" ref={page}>
      {errors.length === 0 ? null : (
        <Notice color="warning" icon={<IconAlertTriangle aria-hidden />} title={newApp.problemCount(errors.length)}>
          <RemainingErrors app={app} />
        </Notice>
      )}
      <Summary app={app} draft={draft} catalogue={catalogue} />
      <OptionalParts />
      <ConsentPreview draft={draft} sound={errors.length === 0} of={{ organisationId }} />
      <section>
        <Title order={3} size="h4" mb="sm">
          {after.title}
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

function OptionalParts() {
  const { newApp, dataUse } = useMessages().apps;
  const { draft, catalogue } = useDraft();
  const answered = catalogue.dataUse.filter(({ question }) => draft.dataUse[question] !== undefined).length;
  return (
    <Stack gap="sm">
      <OptionalFields
        title={`${newApp.optional.use}: ${dataUse.count(answered, catalogue.dataUse.length)}`}
        note={newApp.optional.later}
        fields={['dataUse']}
      >
        <Text size="sm">{newApp.optional.useLead}</Text>
        <DataUseFields />
      </OptionalFields>
      <OptionalFields title={newApp.optional.policy} note={newApp.optional.later} fields={['policyUri', 'termsUri']}>
        <Text size="sm">{newApp.optional.policyLead}</Text>
        <PolicyFields />
      </OptionalFields>
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
      {STEPS.flatMap((step) =>
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

interface NewApp {
  readonly answer: NewAppResponse;
  readonly logoError: Error | undefined;
}

/**
 * Creates the app and then uploads its logo. If the upload fails, the app still exists, because an app without a logo
 * is better than none.
 * @param onDone called with the new app; with undefined if the draft has errors, which the page then shows
 */
function useSubmit(app: NewAppState, organisationId: string, onDone: (made: NewApp | undefined) => void) {
  const client = useQueryClient();
  return useMutation({
    async mutationFn(): Promise<NewApp | undefined> {
      const { draft, logo, errors } = app;
      errors.touch(...stepFields('review'));
      if ((await errors.check(draft)).length > 0) return undefined;
      const answer = await api<NewAppResponse>('POST', '/developer/apps', toOrder(app, organisationId));
      if (logo === undefined) return { answer, logoError: undefined };
      const upload = sendAppRequest('PUT', answer.app.clientId, 'logo', dataUrlToBlob(logo));
      return { answer, logoError: await upload.then(() => undefined).catch((error: Error) => error) };
    },
    onSuccess(made) {
      if (made !== undefined) void client.invalidateQueries({ queryKey: ['apps', 'list'] });
      onDone(made);
    },
  });
}

const toOrder = ({ draft, secretDays }: NewAppState, organisationId: string): NewAppOrder => ({
  organisationId,
  draft: normalizeDraft(draft),
  ...(draft.auth === 'secret' ? { secretDays } : {}),
});
