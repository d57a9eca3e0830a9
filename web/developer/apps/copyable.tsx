import { ActionIcon, Box, Button, Code, CopyButton, Group, Paper, Text, VisuallyHidden } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useMessages } from '../../i18n/index.ts';
import classes from './apps.module.css';

/** Shows a value with a label and a copy button. */
export function CopyableValue({
  label,
  value,
  onCopy,
}: {
  readonly label: string;
  readonly value: string;
  /** Called when the reader copies the value. */
  readonly onCopy?: () => void;
}) {
  const { shell, apps } = useMessages();
  return (
    <div>
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Group gap="xs" wrap="nowrap">
        <Code fz="sm" style={{ overflowWrap: 'anywhere' }}>
          {value}
        </Code>
        <CopyButton value={value}>
          {({ copied, copy }) => (
            <>
              <ActionIcon
                variant="subtle"
                color={copied ? 'success' : 'gray'}
                aria-label={apps.copyOf(label)}
                title={shell.copy}
                onClick={() => {
                  copy();
                  onCopy?.();
                }}
              >
                {copied ? <IconCheck size={18} aria-hidden /> : <IconCopy size={18} aria-hidden />}
              </ActionIcon>
              <VisuallyHidden role="status">{copied ? shell.copied : ''}</VisuallyHidden>
            </>
          )}
        </CopyButton>
      </Group>
    </div>
  );
}

/** Shows code in a block that scrolls sideways on narrow screens. */
export function CodeBlock({ code, label }: { readonly code: string; readonly label: string }) {
  const { shell, apps } = useMessages();
  return (
    <Paper withBorder radius="md">
      <Group justify="space-between" px="md" py={6} wrap="nowrap">
        <Text size="sm" c="dimmed" truncate>
          {label}
        </Text>
        <CopyButton value={code}>
          {({ copied, copy }) => (
            <Button
              size="compact-sm"
              variant="subtle"
              onClick={copy}
              aria-label={apps.copyOf(label)}
              leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
            >
              {copied ? shell.copied : shell.copy}
            </Button>
          )}
        </CopyButton>
      </Group>
      <Box
        component="pre"
        className={classes['code'] ?? ''}
        ff="monospace"
        m={0}
        px="md"
        pb="md"
        // The block scrolls, so keyboard users must be able to focus it.
        tabIndex={0}
        role="region"
        aria-label={label}
      >
        {code}
      </Box>
    </Paper>
  );
}
