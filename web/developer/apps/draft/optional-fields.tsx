import { Box, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import classes from '../apps.module.css';
import { useDraft } from './draft-form.ts';

/** Folded part of a form. It opens by itself to show an error in one of its fields. */
export function OptionalFields({
  title,
  note,
  fields,
  children,
}: {
  readonly title: string;
  readonly note?: string;
  /** Fields of the draft in this part of the form. */
  readonly fields: readonly string[];
  readonly children: React.ReactNode;
}) {
  const { errorAt } = useDraft();
  const [isOpened, setOpened] = useState(false);
  const hasError = fields.some((field) => errorAt(field) !== undefined);
  return (
    <Box
      component="details"
      className={classes['optional'] ?? ''}
      open={isOpened || hasError}
      onToggle={(event) => setOpened(event.currentTarget.open)}
    >
      <summary>
        <Text span size="sm" fw={600}>
          {title}
        </Text>
        {note === undefined ? null : (
          <Text span size="sm" c="dimmed" ms="xs">
            {note}
          </Text>
        )}
      </summary>
      <Stack gap="lg" pt="md">
        {children}
      </Stack>
    </Box>
  );
}
