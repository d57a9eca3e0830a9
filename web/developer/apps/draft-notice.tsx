import { Button, Group, Stack } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { Link } from 'react-router';
import { useMessages } from '../../i18n/index.ts';
import type { StoredDraft } from './draft/stored-draft.ts';
import { Notice } from './notice.tsx';

/** Offers to continue a new app that the developer hasn't submitted, at the step where they left. */
export function DraftNotice({
  draft: { draft, step },
  organisationId,
  discard,
}: {
  readonly draft: StoredDraft;
  readonly organisationId: string;
  readonly discard: () => void;
}) {
  const { storedDraft } = useMessages().apps;
  const address = new URLSearchParams({ organisation: organisationId, step: step ?? 'app' });
  return (
    <Notice icon={<IconPencil aria-hidden />} title={storedDraft.title(draft.name.trim())}>
      <Stack gap="sm" align="flex-start">
        {storedDraft.text}
        <Group gap="sm">
          <Button component={Link} to={`/developer/apps/new?${address}`}>
            {storedDraft.continue}
          </Button>
          <Button variant="default" onClick={discard}>
            {storedDraft.discard}
          </Button>
        </Group>
      </Stack>
    </Notice>
  );
}
