import { Box, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { IconShieldLock } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import type { CatalogResponse, NewAppResponse } from '../../../../src/portal-api/contract/apps.ts';
import { useMessages } from '../../../i18n/index.ts';
import { ErrorState } from '../../../shell/page-states.tsx';
import { useSession } from '../../../shell/session.ts';
import { DescriptionFields, NameField } from '../draft/about-fields.tsx';
import { AuthenticationFields } from '../draft/authentication-fields.tsx';
import { DataFields } from '../draft/data-fields.tsx';
import { DraftContext, focusFirstError } from '../draft/draft-form.ts';
import { LogoField } from '../draft/logo-field.tsx';
import { OptionalFields } from '../draft/optional-fields.tsx';
import { RedirectUriFields } from '../draft/redirect-uri-fields.tsx';
import { SecretLifetime } from '../draft/secret-lifetime.tsx';
import { DraftNotice } from '../draft-notice.tsx';
import { Notice } from '../notice.tsx';
import { KindField } from './kind-field.tsx';
import { ReviewStep } from './review-step.tsx';
import { StepList, StepProgress } from './step-list.tsx';
import { ABOUT_FIELDS, STEPS, stepErrors } from './steps.ts';
import type { NewAppState } from './use-new-app.ts';

interface WizardProps {
  readonly app: NewAppState;
  readonly catalogue: CatalogResponse;
  readonly organisationId: string;
  readonly onMade: (response: NewAppResponse, logoError: Error | undefined) => void;
}

/** Shows the current step of the wizard for a new app. Wide screens also show the list of all steps. */
export function Wizard(props: WizardProps) {
  const { app, organisationId } = props;
  return (
    <Group align="flex-start" gap="xl" wrap="nowrap">
      <Box visibleFrom="md" w={270} flex="none">
        <StepList app={app} />
      </Box>
      <Stack flex={1} miw={0} maw={760} gap="md">
        <Box hiddenFrom="md">
          <StepProgress app={app} />
        </Box>
        {app.earlierDraft === undefined ? null : (
          <DraftNotice draft={app.earlierDraft} organisationId={organisationId} discard={app.startOver} />
        )}
        <CurrentStep {...props} />
      </Stack>
    </Group>
  );
}

function CurrentStep(props: WizardProps) {
  const { newApp } = useMessages().apps;
  const { app, catalogue } = props;
  const { step, draft, errors, change } = app;
  const heading = useRef<HTMLHeadingElement>(null);
  const displayed = useRef(step);
  useEffect(() => {
    // Moves the focus to the heading of each new step, for people who use a keyboard or screen reader.
    if (displayed.current !== step) {
      heading.current?.focus({ preventScroll: true });
      window.scrollTo(0, 0);
    }
    displayed.current = step;
  }, [step]);
  return (
    <Paper withBorder radius="md" p={{ base: 'md', sm: 'xl' }}>
      <Stack gap="lg">
        <div>
          <Title order={2} size="h3" ref={heading} tabIndex={-1} style={{ outline: 'none' }}>
            {newApp.steps[step]}
          </Title>
          <Text c="dimmed" mt={4}>
            {newApp.leads[step]}
          </Text>
        </div>
        <DraftContext
          value={{ draft, catalogue, disabled: false, change, touch: errors.touch, errorAt: errors.errorAt }}
        >
          {step === 'review' ? <ReviewStep {...props} /> : <StepFields app={app} />}
        </DraftContext>
      </Stack>
    </Paper>
  );
}

function StepFields({ app }: { readonly app: NewAppState }) {
  const { newApp } = useMessages().apps;
  const { step, errors } = app;
  const previous = STEPS[STEPS.indexOf(step) - 1];
  const form = useRef<HTMLFormElement>(null);
  const [checking, setChecking] = useState(false);
  const [failed, setFailed] = useState<Error>();
  const open = stepErrors(step, errors.errors).filter(({ field }) => errors.errorAt(field) !== undefined);
  const goOn = async () => {
    setChecking(true);
    setFailed(undefined);
    try {
      if (!(await app.goOn())) focusFirstError(form.current);
    } catch (error) {
      setFailed(error as Error);
    } finally {
      setChecking(false);
    }
  };
  return (
    <form
      noValidate
      ref={form}
      onSubmit={(event) => {
        event.preventDefault();
        void goOn();
      }}
    >
      <Stack gap="lg">
        {step === 'app' ? <AppFields app={app} /> : <AccessFields app={app} />}
        {failed === undefined ? null : <ErrorState error={failed} />}
        <Text size="sm" mih="1.5em" c={open.length > 0 ? 'danger' : 'dimmed'} aria-live="polite">
          {checking ? newApp.checking : open.length > 0 ? newApp.problemCount(open.length) : ''}
        </Text>
        <Group justify="space-between" gap="sm">
          {previous === undefined ? (
            <span />
          ) : (
            <Button variant="default" onClick={() => app.go(previous)}>
              {newApp.back}
            </Button>
          )}
          <Button type="submit" loading={checking}>
            {newApp.continue}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function AppFields({ app }: { readonly app: NewAppState }) {
  const { optional, confirmAtEnd } = useMessages().apps.newApp;
  const { person } = useSession();
  return (
    <>
      <KindField choose={app.choose} />
      <NameField />
      {app.draft.kind === 'backend' ? null : <RedirectUriFields />}
      <OptionalFields title={optional.about} note={optional.later} fields={ABOUT_FIELDS}>
        {person?.sandboxDeveloper === true ? null : <LogoField logo={app.logo} onChange={app.setLogo} />}
        <DescriptionFields />
      </OptionalFields>
      <Group wrap="nowrap" gap="xs" align="flex-start">
        <IconShieldLock size={20} aria-hidden style={{ flexShrink: 0 }} />
        <Text size="sm">{confirmAtEnd}</Text>
      </Group>
    </>
  );
}

function AccessFields({ app }: { readonly app: NewAppState }) {
  const { newApp } = useMessages().apps;
  return (
    <>
      {app.keysLost ? <Notice color="warning">{newApp.keysAgain}</Notice> : null}
      <AuthenticationFields>
        <SecretLifetime days={app.secretDays} onChange={app.setSecretDays} />
      </AuthenticationFields>
      <DataFields />
    </>
  );
}
