import { Button, CopyButton } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useMessages } from '../../i18n/index.ts';

/**
 * Button that copies a text and then says that the text was copied.
 * @param name accessible name of the button, if the label alone isn't enough
 */
export function CopyText({
  value,
  label,
  name = label,
}: {
  readonly value: string;
  readonly label: string;
  readonly name?: string;
}) {
  const { shell } = useMessages();
  return (
    <CopyButton value={value} timeout={2000}>
      {({ copied, copy }) => (
        <Button
          size="compact-xs"
          variant="default"
          onClick={copy}
          aria-label={copied ? `${shell.copied}: ${name}` : name}
          leftSection={copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
        >
          {copied ? shell.copied : label}
        </Button>
      )}
    </CopyButton>
  );
}
