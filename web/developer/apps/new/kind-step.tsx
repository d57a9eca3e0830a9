import { Group, Stack, Text, ThemeIcon, UnstyledButton } from '@mantine/core';
import { IconChevronRight, IconShieldLock } from '@tabler/icons-react';
import type { AppDraft } from '../../../../src/portal-api/contract/apps.ts';
import { useMessages } from '../../../i18n/index.ts';
import classes from '../apps.module.css';
import { APP_KINDS_IN_ORDER, KindIcon } from '../kind-icon.tsx';

/** First step of the wizard, in which the developer chooses the kind of app. */
export function KindStep({
  kind,
  onChoose,
}: {
  readonly kind: AppDraft['kind'] | undefined;
  readonly onChoose: (kind: AppDraft['kind']) => void;
}) {
  const { kinds, newApp } = useMessages().apps;
  return (
    <Stack gap="sm">
      <Group wrap="nowrap" gap="xs" align="flex-start">
        <IconShieldLock size={20} aria-hidden style={{ flexShrink: 0 }} />
        <Text size="sm">{newApp.confirmAtEnd}</Text>
      </Group>
      {APP_KINDS_IN_ORDER.map((one) => (
        <UnstyledButton
          key={one}
          className={classes['choice'] ?? ''}
          data-chosen={one === kind}
          aria-pressed={one === kind}
          onClick={() => onChoose(one)}
        >
          <Group wrap="nowrap" gap="md">
            <ThemeIcon size={44} radius="md" variant="light" aria-hidden>
              <KindIcon kind={one} size={24} />
            </ThemeIcon>
            <Stack gap={2} flex={1}>
              <Text fw={600}>{kinds[one].name}</Text>
              <Text size="sm">{kinds[one].text}</Text>
              <Text size="sm" c="dimmed">
                {kinds[one].example}
              </Text>
            </Stack>
            <IconChevronRight size={20} aria-hidden />
          </Group>
        </UnstyledButton>
      ))}
    </Stack>
  );
}
