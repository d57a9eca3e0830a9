import { Anchor, Badge, Button, Card, Group, Modal, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPencil, IconRosetteDiscountCheck } from '@tabler/icons-react';
import type { OneOrganisation } from '../../../src/portal/contract/organisations.ts';
import { useWords } from '../../words/index.ts';
import { useDay } from './days.ts';
import { OrganisationForm } from './organisation-form.tsx';
import { pathOf } from './queries.ts';
import { useAct } from './use-act.ts';

/** Data of an organization, with its verification. */
export function Details({ one }: { readonly one: OneOrganisation }) {
  const { organisation } = useWords();
  const { details, roles } = organisation;
  const day = useDay();
  return (
    <Card component="section" withBorder radius="md" padding="lg">
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start">
          <Title order={2} size="h3" style={{ overflowWrap: 'anywhere' }}>
            {one.name}
          </Title>
          {one.role === 'administrator' ? <Edit one={one} /> : null}
        </Group>
        <Group gap="xs">
          {one.verifiedAt === null ? (
            <Badge color="gray" variant="light" tt="none" size="lg">
              {details.unverified}
            </Badge>
          ) : (
            <Badge
              color="green"
              variant="light"
              tt="none"
              size="lg"
              leftSection={<IconRosetteDiscountCheck size={16} aria-hidden />}
            >
              {details.verified(day(one.verifiedAt))}
            </Badge>
          )}
        </Group>
        {one.verifiedAt === null ? (
          <Text size="sm" c="dimmed">
            {details.unverifiedText}
          </Text>
        ) : null}
        <Facts one={one} />
        <Text size="sm">
          {details.yourRole}: <b>{roles[one.role].name}</b>. {roles[one.role].text}
        </Text>
      </Stack>
    </Card>
  );
}

function Facts({ one }: { readonly one: OneOrganisation }) {
  const { details } = useWords().organisation;
  const day = useDay();
  const website =
    one.website === null ? (
      details.noWebsite
    ) : (
      <Anchor href={one.website} rel="noreferrer" style={{ overflowWrap: 'anywhere' }}>
        {one.website}
      </Anchor>
    );
  const facts = [
    [details.domain, one.domain ?? details.noDomain],
    [details.website, website],
    [details.since, day(one.createdAt)],
  ] as const;
  return (
    <Group component="dl" gap="xl" m={0} align="flex-start">
      {facts.map(([name, value]) => (
        <div key={name}>
          <Text component="dt" size="sm" c="dimmed">
            {name}
          </Text>
          <Text component="dd" m={0}>
            {value}
          </Text>
        </div>
      ))}
    </Group>
  );
}

function Edit({ one }: { readonly one: OneOrganisation }) {
  const { organisation, shell } = useWords();
  const { details } = organisation;
  const [opened, { open, close }] = useDisclosure();
  const mutation = useAct({ successMessage: details.saved, onDone: close });
  return (
    <>
      <Button variant="default" size="sm" leftSection={<IconPencil size={16} aria-hidden />} onClick={open}>
        {details.edit}
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        title={details.edit}
        centered
        closeButtonProps={{ 'aria-label': shell.close }}
      >
        <OrganisationForm
          initial={{ name: one.name, website: one.website ?? '' }}
          note={details.renames}
          button={shell.save}
          pending={mutation.isPending}
          error={mutation.error}
          onCancel={close}
          onSubmit={(body) => mutation.mutate({ method: 'PATCH', path: pathOf(one.organisationId), body })}
        />
      </Modal>
    </>
  );
}
