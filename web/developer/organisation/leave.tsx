import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useNavigate } from 'react-router';
import type { OrganisationDetailResponse } from '../../../src/portal-api/contract/organisations.ts';
import { useMessages } from '../../i18n/index.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { organisationPath } from './queries.ts';
import { useOrganisationMutation } from './use-organisation-mutation.ts';

export function Leave({ one }: { readonly one: OrganisationDetailResponse }) {
  const { people } = useMessages().organisation;
  const [opened, { open, close }] = useDisclosure();
  const navigate = useNavigate();
  const mutation = useOrganisationMutation({
    successMessage: people.left,
    onDone: () => void navigate('/developer/organisation'),
  });
  return (
    <div>
      <Button color="danger" variant="outline" onClick={open}>
        {people.leave}
      </Button>
      <ConfirmDialog
        opened={opened}
        close={close}
        title={people.leaveTitle(one.name)}
        text={people.leaveText}
        button={people.leave}
        pending={mutation.isPending}
        error={mutation.error}
        onYes={() => mutation.mutate({ method: 'POST', path: `${organisationPath(one.organisationId)}/leave` })}
      />
    </div>
  );
}
