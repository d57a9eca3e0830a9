import { Button, Group, Stack, Title } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type {
  AppDraft,
  CatalogueAnswer,
  NewAppAnswer,
  NewApp as NewAppOrder,
} from '../../../../src/portal/contract/apps.ts';
import { api } from '../../../shell/api.ts';
import { Failure } from '../../../shell/states.tsx';
import { useWords } from '../../../words/index.ts';
import { useFaultInWords } from '../../../words/use-fault-in-words.ts';
import { tidied } from '../draft/empty-draft.ts';
import { blobOf } from '../draft/small-picture.ts';
import { Notice } from '../notice.tsx';
import { actOn } from '../queries.ts';
import { ConsentPreview } from './consent-preview.tsx';
import { faultsOfStep } from './steps.ts';
import { Summary } from './summary.tsx';
import type { NewApp } from './use-new-app.ts';
import { WhatHappensNext } from './what-happens-next.tsx';

/** Summary and consent preview before the app is submitted. */
export function ReviewStep({
  app,
  draft,
  catalogue,
  organisationId,
  onMade,
}: {
  readonly app: NewApp;
  readonly draft: AppDraft;
  readonly catalogue: CatalogueAnswer;
  readonly organisationId: string;
  readonly onMade: (response: NewAppAnswer, logoError: Error | undefined) => void;
}) {
  const { newApp } = useWords().apps;
  const submit = useSubmit(app, draft, organisationId, onMade);
  const { errors } = app.errors;
  return (
    <Stack gap="xl">
      {errors.length === 0 ? null : (
        <Notice color="orange" icon={<IconAlertTriangle aria-hidden />} title={newApp.toMend(errors.length)}>
          <Faults app={app} />
        </Notice>
      )}
      <Summary app={app} draft={draft} catalogue={catalogue} />
      <ConsentPreview draft={draft} sound={errors.length === 0} of={{ organisationId }} />
      <section>
        <Title order={3} size="h4" mb="sm">
          {useWords().apps.after.title}
        </Title>
        <WhatHappensNext />
      </section>
      {submit.error === null ? null : <Failure error={submit.error} />}
      <Group justify="space-between">
        <Button variant="subtle" color="gray" onClick={app.startOver}>
          {newApp.startOver}
        </Button>
        <Button size="md" loading={submit.isPending} onClick={() => submit.mutate()}>
          {submit.isPending ? newApp.submitting : newApp.submit}
        </Button>
      </Group>
    </Stack>
  );
}

/** Remaining errors with links to their steps. */
function Faults({ app }: { readonly app: NewApp }) {
  const { newApp } = useWords().apps;
  const getMessage = useFaultInWords();
  const { errors } = app.errors;
  return (
    <Stack component="ul" gap={6} m={0} pl="md">
      {app.steps.flatMap((step) =>
        faultsOfStep(step, errors).map((fieldError) => (
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

const orderOf = ({ secretDays }: NewApp, draft: AppDraft, organisationId: string): NewAppOrder => ({
  organisationId,
  draft: tidied(draft),
  ...(draft.auth === 'secret' ? { secretDays } : {}),
});

/** Creates the app first and uploads its logo afterwards, because an app without a logo is better than none. */
function useSubmit(
  app: NewApp,
  draft: AppDraft,
  organisationId: string,
  onMade: (response: NewAppAnswer, logoError: Error | undefined) => void,
) {
  const client = useQueryClient();
  return useMutation({
    async mutationFn() {
      const made = await api<NewAppAnswer>('POST', '/developer/apps', orderOf(app, draft, organisationId));
      const logoError =
        app.logo === undefined
          ? undefined
          : await actOn('PUT', made.app.clientId, 'logo', blobOf(app.logo)).then(
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
