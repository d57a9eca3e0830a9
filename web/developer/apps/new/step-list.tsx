import { NavLink, Progress, Stack, Text, ThemeIcon } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { Link, useSearchParams } from 'react-router';
import { useMessages } from '../../../i18n/index.ts';
import { STEPS, stepErrors, type WizardStep } from './steps.ts';
import type { NewAppState } from './use-new-app.ts';

/** Lists the steps of the wizard as links. */
export function StepList({ app }: { readonly app: NewAppState }) {
  const { newApp } = useMessages().apps;
  const [search] = useSearchParams();
  const to = (step: WizardStep) => {
    const address = new URLSearchParams(search);
    address.set('step', step);
    return `?${address}`;
  };
  return (
    <nav aria-label={newApp.title}>
      <Stack component="ol" gap={2} m={0} p={0} style={{ listStyle: 'none' }}>
        {STEPS.map((step, at) => (
          <li key={step}>
            <NavLink
              component={Link}
              to={to(step)}
              active={step === app.step}
              variant="light"
              label={newApp.steps[step]}
              leftSection={<StepMark app={app} step={step} at={at} />}
              {...(step === app.step ? { 'aria-current': 'step' as const } : {})}
            />
          </li>
        ))}
      </Stack>
      <Text size="xs" c="dimmed" px="sm" mt="md">
        {newApp.draftStored}
      </Text>
    </nav>
  );
}

function StepMark({ app, step, at }: { readonly app: NewAppState; readonly step: WizardStep; readonly at: number }) {
  const wrong = stepErrors(step, app.errors.errors).some(({ field }) => app.errors.errorAt(field) !== undefined);
  const done = at < STEPS.indexOf(app.step);
  return (
    <ThemeIcon
      size={26}
      radius="xl"
      variant={wrong || done ? 'light' : 'default'}
      color={wrong ? 'warning' : 'success'}
      aria-hidden
    >
      {wrong ? <IconAlertTriangle size={15} /> : done ? <IconCheck size={15} /> : <Text size="xs">{at + 1}</Text>}
    </ThemeIcon>
  );
}

/** Shows the progress through the wizard on phones. */
export function StepProgress({ app }: { readonly app: NewAppState }) {
  const { newApp } = useMessages().apps;
  const at = STEPS.indexOf(app.step) + 1;
  const label = newApp.progress(at, STEPS.length);
  return (
    <Stack gap={6}>
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Progress.Root size="sm">
        <Progress.Section value={(at / STEPS.length) * 100} aria-label={label} />
      </Progress.Root>
    </Stack>
  );
}
