import { Alert, Button, NativeSelect, Stack } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { GroupResponse, GroupsResponse } from '../../../src/portal-api/contract/groups.ts';
import { useAdminMessages } from '../../i18n/index.ts';
import { api } from '../../shell/api.ts';
import { PAGE_SIZE, Pager } from '../../shell/list/pager.tsx';
import { usePage } from '../../shell/list/use-page.ts';
import { Page } from '../../shell/page.tsx';
import { EmptyState, ErrorState, Loading } from '../../shell/page-states.tsx';
import { useAddress } from '../../shell/use-address.ts';
import { GroupCard } from './group-card.tsx';
import { MembersDialog } from './members-dialog.tsx';
import { NewGroupForm } from './new-group.tsx';
import { RemoveDialog } from './remove-dialog.tsx';

type GroupDialog = 'members' | 'remove';

/**
 * Page with the groups of patients. `?practice=` shows the groups of one practice, `?new=` opens the form for a new
 * group, and `?members=` or `?remove=` a dialog for one group.
 */
export default function GroupsPage() {
  const { groups: messages } = useAdminMessages();
  const { search: parameters, choose } = useAddress();
  const [done, setDone] = useState<string>();
  const practice = parameters.get('practice') ?? undefined;
  const { data, error, refetch } = useQuery({
    queryKey: ['groups', practice],
    queryFn: () =>
      api<GroupsResponse>(
        'GET',
        practice === undefined ? '/review/groups' : `/review/groups?practice=${encodeURIComponent(practice)}`,
      ),
    placeholderData: keepPreviousData,
  });
  const chosen = (dialog: GroupDialog): GroupResponse | undefined =>
    data?.groups.find(({ groupId }) => groupId === parameters.get(dialog));
  const open = (dialog: GroupDialog, group: GroupResponse): void => {
    setDone(undefined);
    choose({ [dialog]: group.groupId });
  };
  const close = (): void => choose({ new: null, members: null, remove: null });
  const finish = (text: string): void => {
    setDone(text);
    close();
  };
  const shown = usePage(data?.groups ?? [], PAGE_SIZE);
  const [changing, removing] = [chosen('members'), chosen('remove')];
  const make = (
    <Button
      onClick={() => {
        setDone(undefined);
        choose({ new: 'group' });
      }}
    >
      {messages.newGroup}
    </Button>
  );
  return (
    <Page title={messages.title} lead={messages.lead} actions={make}>
      {data === undefined || data.practices.length < 2 ? null : (
        <NativeSelect
          label={messages.practice}
          value={practice ?? ''}
          onChange={(event) => choose({ practice: event.currentTarget.value || null, page: null })}
          data={[
            { value: '', label: messages.anyPractice },
            ...data.practices.map(({ practiceId, name }) => ({ value: String(practiceId), label: name })),
          ]}
          maw={360}
        />
      )}
      {data !== undefined && parameters.get('new') !== null ? (
        <NewGroupForm
          practices={data.practices}
          practice={practice}
          close={close}
          done={(group) => finish(messages.created(group.name))}
        />
      ) : null}
      {error === null ? null : <ErrorState error={error} again={() => void refetch()} />}
      {data === undefined && error === null ? <Loading /> : null}
      <div aria-live="polite">
        {done === undefined ? null : (
          <Alert variant="light" color="success">
            {done}
          </Alert>
        )}
      </div>
      {data?.groups.length === 0 ? (
        <EmptyState {...(practice === undefined ? messages.none : messages.noneHere)} />
      ) : null}
      {data === undefined || data.groups.length === 0 ? null : (
        <Stack gap="xs" role="list">
          {shown.map((group) => (
            <GroupCard
              key={group.groupId}
              of={group}
              change={() => open('members', group)}
              remove={() => open('remove', group)}
            />
          ))}
        </Stack>
      )}
      <Pager found={data?.groups.length ?? 0} />
      {changing === undefined ? null : <MembersDialog of={changing} close={close} done={finish} />}
      {removing === undefined ? null : <RemoveDialog of={removing} close={close} done={finish} />}
    </Page>
  );
}
