import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useNavigate } from 'react-router';
import type { OrganisationDetailResponse } from '../../../src/portal-api/contract/organisations.ts';
import { useMessages } from '../../i18n/index.ts';
import { Dialog } from '../../shell/dialog.tsx';
import { OrganisationForm } from './organisation-form.tsx';
import { useOrganisationMutation } from './use-organisation-mutation.ts';

const EMPTY_FIELDS = { name: '', website: '' };

/** Form that creates an organization and then opens its page. */
export function CreateOrganisation({ onCancel }: { readonly onCancel?: () => void }) {
  const { create } = useMessages().organisation;
  const navigate = useNavigate();
  const mutation = useOrganisationMutation<OrganisationDetailResponse>({
    successMessage: create.done,
    onDone(made) {
      onCancel?.();
      void navigate(`/developer/organisation/${made.organisationId}`);
    },
  });
  return (
    <OrganisationForm
      initial={EMPTY_FIELDS}
      note={create.text}
      button={create.button}
      pending={mutation.isPending}
      error={mutation.error}
      onSubmit={(body) => mutation.mutate({ method: 'POST', path: '/developer/organisations', body })}
      {...(onCancel === undefined ? {} : { onCancel })}
    />
  );
}

export function CreateOrganisationButton() {
  const { organisation } = useMessages();
  const [opened, { open, close }] = useDisclosure();
  return (
    <>
      <Button variant="default" leftSection={<IconPlus size={18} aria-hidden />} onClick={open}>
        {organisation.create.open}
      </Button>
      <Dialog opened={opened} onClose={close} title={organisation.create.open}>
        <CreateOrganisation onCancel={close} />
      </Dialog>
    </>
  );
}
