import { Button, Card, Group, List, Paper, Stack, Text } from '@mantine/core';
import { useEffect } from 'react';
import type { AppResponse } from '../../../../src/portal-api/contract/apps.ts';
import { useMessages } from '../../../i18n/index.ts';
import { ErrorState } from '../../../shell/page-states.tsx';
import classes from '../apps.module.css';
import { normalizeDraft } from '../draft/empty-draft.ts';
import { ConsentPreview } from '../new/consent-preview.tsx';
import { Notice } from '../notice.tsx';
import { type DraftField, needsReview } from './changed-fields.ts';
import { listFieldErrors, type SettingsDraft } from './use-settings.ts';

/**
 * Shows which unsaved changes need a review, and a bar with the button to submit all changes. The bar stays visible
 * while the page scrolls.
 */
export function UnsavedChanges({ app, settings }: { readonly app: AppResponse; readonly settings: SettingsDraft }) {
  const messages = useMessages().apps.settings;
  const { draft, changed, errors, submit, undo } = settings;
  const waiting = changed.filter((field) => needsReview(app, normalizeDraft(draft), field));
  // After a version was withdrawn or rejected, the developer can submit the same terms again. The
  // button is therefore shown even if nothing has changed.
  const again = app.open === null && (app.state === 'provisional' || app.state === 'rejected');
  if (changed.length === 0 && !again) return <Text c="dimmed">{messages.unchanged}</Text>;
  return (
    <>
      {changed.length === 0 ? null : (
        <Card withBorder radius="md" padding="lg">
          <Stack gap="md">
            <Stack gap="xs">
              <FieldList title={messages.needsReview} color="accent" fields={waiting} />
              <FieldList
                title={messages.atOnce}
                color="success"
                fields={changed.filter((field) => !waiting.includes(field))}
              />
            </Stack>
            <ConsentPreview draft={draft} sound={errors.errors.length === 0} of={{ clientId: app.clientId }} />
          </Stack>
        </Card>
      )}
      <StickyBar>
        {submit.error === null ? null : <ErrorState error={listFieldErrors(submit.error)} />}
        <Group justify="space-between" gap="sm">
          <Text size="sm" aria-live="polite">
            {changed.length === 0 ? messages.unchanged : messages.changed(changed.length)}
          </Text>
          <Group gap="xs">
            <Button variant="subtle" color="gray" disabled={changed.length === 0} onClick={undo}>
              {messages.reset}
            </Button>
            <Button type="submit" loading={submit.isPending}>
              {waiting.length > 0 || again ? messages.submit : messages.save}
            </Button>
          </Group>
        </Group>
      </StickyBar>
    </>
  );
}

/** Bar that stays at the bottom of the window. If it covers the focused field when it appears, the page scrolls. */
function StickyBar({ children }: { readonly children: React.ReactNode }) {
  useEffect(() => {
    document.activeElement?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <Paper withBorder radius="md" p="sm" shadow="md" className={classes['bar'] ?? ''} data-sticky="bottom">
      {children}
    </Paper>
  );
}

function FieldList({
  title,
  color,
  fields,
}: {
  readonly title: string;
  readonly color: string;
  readonly fields: readonly DraftField[];
}) {
  const { settings } = useMessages().apps;
  if (fields.length === 0) return null;
  return (
    <Notice color={color} title={title}>
      <List size="sm">
        {fields.map((field) => (
          <List.Item key={field}>{settings.fields[field]}</List.Item>
        ))}
      </List>
    </Notice>
  );
}
