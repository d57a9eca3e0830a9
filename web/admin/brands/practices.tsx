import { Anchor, Badge, Card, Group, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { PracticeBrandResponse } from '../../../src/portal-api/contract/public.ts';
import { useAdminMessages } from '../../i18n/index.ts';
import { Dialog } from '../../shell/dialog.tsx';
import { Pager } from '../../shell/list/pager.tsx';
import { usePage } from '../../shell/list/use-page.ts';
import { useAddress } from '../../shell/use-address.ts';
import { PracticeForm } from './practice-form.tsx';
import { UnlistedReasons } from './unlisted-reasons.tsx';

const SIZE = 20;

/** Shows the brand details of each practice. `?practice=` opens the form for one practice. */
export function Practices({ practices }: { readonly practices: readonly PracticeBrandResponse[] }) {
  const messages = useAdminMessages().publicPages.brands;
  const { search: query, choose } = useAddress();
  const selected = practices.find(({ practiceId }) => String(practiceId) === query.get('practice'));
  const shown = usePage(practices, SIZE, 'practices');
  const close = () => choose({ practice: null });
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed" maw={720}>
        {messages.practicesLead}
      </Text>
      {shown.map((practice) => (
        <Practice key={practice.practiceId} of={practice} />
      ))}
      <Pager found={practices.length} size={SIZE} param="practices" />
      <Dialog
        opened={selected !== undefined}
        onClose={close}
        title={selected === undefined ? '' : messages.editOf(selected.name)}
        size="lg"
      >
        {selected === undefined ? null : (
          <PracticeForm key={selected.practiceId} practice={selected} all={practices} done={close} />
        )}
      </Dialog>
    </Stack>
  );
}

function Practice({ of: practice }: { readonly of: PracticeBrandResponse }) {
  const messages = useAdminMessages().publicPages.brands;
  const { queryWith } = useAddress();
  const { practiceId, name, kind, enabled, npi, category, aliases, website, address, locations } = practice;
  const facts = [
    messages.categories[category],
    npi === '' ? messages.noNpi : `${messages.npi} ${npi}`,
    ...(website === null ? [] : [website]),
    ...(address === null ? [] : [address.split('\n').join(', ')]),
    ...locations,
    ...aliases,
  ];
  return (
    <Card withBorder padding="sm">
      <Group justify="space-between" align="flex-start" gap="xs" wrap="nowrap">
        <Group gap="xs">
          <Text fw={600}>{name}</Text>
          {kind === 'sandbox' ? <Badge variant="default">{messages.sandbox}</Badge> : null}
          {enabled ? null : (
            <Badge variant="default" tt="none">
              {messages.apiOff}
            </Badge>
          )}
        </Group>
        <Anchor
          component={Link}
          to={queryWith({ practice: String(practiceId) })}
          aria-label={`${messages.edit}: ${name}`}
          style={{ flexShrink: 0 }}
        >
          {messages.edit}
        </Anchor>
      </Group>
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {facts.join(' · ')}
      </Text>
      <UnlistedReasons of={practice} />
    </Card>
  );
}
