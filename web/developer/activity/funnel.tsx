import { Group, Progress, Stack, Text } from '@mantine/core';
import type { UsageResponse } from '../../../src/portal-api/contract/activity.ts';
import { useLanguage, useMessages } from '../../i18n/index.ts';
import { Section } from './section.tsx';

const FUNNEL_STEPS = ['opened', 'signed-in', 'asked', 'allowed', 'exchanged', 'data'] as const;

/**
 * Shows how many authorizations reach each step from the authorization page to the first data. The longest bar is that
 * of the step that most authorizations reached; the others are relative to it.
 */
export function Funnel({ steps }: { readonly steps: UsageResponse['funnel'] }) {
  const { funnel } = useMessages().activity.usage;
  const { locale } = useLanguage();
  const countOf = (name: string) => steps.find(({ step }) => step === name)?.count ?? 0;
  const max = Math.max(1, ...FUNNEL_STEPS.map(countOf));
  const number = new Intl.NumberFormat(locale);
  const percent = new Intl.NumberFormat(locale, { style: 'percent' });
  const opened = countOf('opened');
  return (
    <Section title={funnel.title}>
      <Text size="sm" c="dimmed">
        {opened === 0 ? funnel.empty : funnel.lead}
      </Text>
      <Stack component="ol" gap="sm" p={0} m={0} style={{ listStyle: 'none' }}>
        {FUNNEL_STEPS.map((step) => (
          <li key={step}>
            <Group justify="space-between" gap="xs" mb={4}>
              <Text size="sm" fw={600}>
                {funnel.steps[step]}
              </Text>
              <Text size="sm">
                {number.format(countOf(step))}
                {step === 'opened' || opened === 0 ? '' : ` · ${funnel.share(percent.format(countOf(step) / opened))}`}
                {step === 'allowed' && countOf('denied') > 0 ? ` · ${funnel.denied(countOf('denied'))}` : ''}
              </Text>
            </Group>
            <Progress value={(countOf(step) / max) * 100} size="lg" radius="sm" aria-hidden />
          </li>
        ))}
      </Stack>
    </Section>
  );
}
