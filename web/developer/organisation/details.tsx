import { Anchor, Badge, Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPencil, IconRosetteDiscountCheck } from '@tabler/icons-react';
import type { OrganisationDetailResponse } from '../../../src/portal-api/contract/organisations.ts';
import { useMessages } from '../../i18n/index.ts';
import { useDates } from '../../i18n/use-dates.ts';
import { Dialog } from '../../shell/dialog.tsx';
import { OrganisationForm } from './organisation-form.tsx';
import { organisationPath } from './queries.ts';
import { useOrganisationMutation } from './use-organisation-mutation.ts';

/** Shows the details of an organization, and whether it is verified. */
export function OrganisationDetails({ one }: { readonly one: OrganisationDetailResponse }) {
  const { organisation } = useMessages();
  const { details, roles } = organisation;
  const { day } = useDates();
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
              color="success"
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

function Facts({ one }: { readonly one: OrganisationDetailResponse }) {
  const { details } = useMessages().organisation;
  const { day } = useDates();
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

function Edit({ one }: { readonly one: OrganisationDetailResponse }) {
  const { organisation, shell } = useMessages();
  const { details } = organisation;
  const [opened, { open, close }] = useDisclosure();
  const mutation = useOrganisationMutation({ successMessage: details.saved, onDone: close });
  return (
    <>
      <Button variant="default" size="sm" leftSection={<IconPencil size={16} aria-hidden />} onClick={open}>
        {details.edit}
      </Button>
      <Dialog opened={opened} onClose={close} title={details.edit}>
        <OrganisationForm
          initial={{ name: one.name, website: one.website ?? '' }}
          note={details.renameNote}
          button={shell.save}
          pending={mutation.isPending}
          error={mutation.error}
          onCancel={close}
          onSubmit={(body) => mutation.mutate({ method: 'PATCH', path: organisationPath(one.organisationId), body })}
        />
      </Dialog>
    </>
  );
}
