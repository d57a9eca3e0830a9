import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useNavigate } from 'react-router';
import type { OneOrganisation } from '../../../src/portal/contract/organisations.ts';
import { useWords } from '../../words/index.ts';
import { pathOf } from './queries.ts';
import { Sure } from './sure.tsx';
import { useAct } from './use-act.ts';

export function Leave({ one }: { readonly one: OneOrganisation }) {
  const { people } = useWords().organisation;
  const [opened, { open, close }] = useDisclosure();
  const navigate = useNavigate();
  const mutation = useAct({ successMessage: people.left, onDone: () => void navigate('/developer/organisation') });
  return (
    <div>
      <Button color="red" variant="outline" onClick={open}>
        {people.leave}
      </Button>
      <Sure
        opened={opened}
        close={close}
        title={people.leaveTitle(one.name)}
        text={people.leaveText}
        button={people.leave}
        pending={mutation.isPending}
        error={mutation.error}
        onYes={() => mutation.mutate({ method: 'POST', path: `${pathOf(one.organisationId)}/leave` })}
      />
    </div>
  );
}
