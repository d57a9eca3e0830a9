import { Button, Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useNavigate } from 'react-router';
import type { OneOrganisation } from '../../../src/portal/contract/organisations.ts';
import { useWords } from '../../words/index.ts';
import { OrganisationForm } from './organisation-form.tsx';
import { useAct } from './use-act.ts';

const NOTHING = { name: '', website: '' };

/** Creates an organization and opens its page. */
export function Make({ onCancel }: { readonly onCancel?: () => void }) {
  const { make } = useWords().organisation;
  const navigate = useNavigate();
  const mutation = useAct<OneOrganisation>({
    successMessage: make.done,
    onDone(made) {
      onCancel?.();
      void navigate(`/developer/organisation/${made.organisationId}`);
    },
  });
  return (
    <OrganisationForm
      initial={NOTHING}
      note={make.text}
      button={make.button}
      pending={mutation.isPending}
      error={mutation.error}
      onSubmit={(body) => mutation.mutate({ method: 'POST', path: '/developer/organisations', body })}
      {...(onCancel === undefined ? {} : { onCancel })}
    />
  );
}

export function MakeButton() {
  const { organisation, shell } = useWords();
  const [opened, { open, close }] = useDisclosure();
  return (
    <>
      <Button variant="default" leftSection={<IconPlus size={18} aria-hidden />} onClick={open}>
        {organisation.make.open}
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        title={organisation.make.open}
        centered
        closeButtonProps={{ 'aria-label': shell.close }}
      >
        <Make onCancel={close} />
      </Modal>
    </>
  );
}
