import { Anchor, Collapse, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ExplorerConfigResponse } from '../../../src/portal-api/contract/explorer.ts';
import { useMessages } from '../../i18n/index.ts';
import { useSession } from '../../shell/session.ts';
import { useOwnApps } from './own-app.ts';

interface AppChoiceProps {
  readonly about: ExplorerConfigResponse;
  /** Client id of the app to act as; empty for the explorer's own client. */
  readonly clientId: string;
  readonly choose: (clientId: string) => void;
}

/** Form field to choose the app to act as. Developers pick one of their apps; others can enter a client id. */
export function AppChoice(props: AppChoiceProps) {
  const { person } = useSession();
  return person?.kind === 'developer' ? <OwnAppSelect {...props} /> : <ClientIdField {...props} />;
}

function OwnAppSelect({ about, clientId, choose }: AppChoiceProps) {
  const { connect: messages } = useMessages().explorer;
  const apps = useOwnApps().map((app) => ({ value: app.clientId, label: app.name }));
  const isOther = clientId !== '' && apps.every(({ value }) => value !== clientId);
  return (
    <NativeSelect
      label={messages.app}
      value={clientId}
      onChange={(event) => choose(event.currentTarget.value)}
      data={[
        { value: '', label: about.client === null ? messages.chooseApp : messages.explorerApp },
        ...apps,
        ...(isOther ? [{ value: clientId, label: clientId }] : []),
      ]}
      maw={560}
    />
  );
}

function ClientIdField({ about, clientId, choose }: AppChoiceProps) {
  const { connect: messages } = useMessages().explorer;
  const [usesOwnApp, setUsesOwnApp] = useState(about.client === null || clientId !== '');
  return (
    <div>
      <Anchor
        component="button"
        type="button"
        size="sm"
        onClick={() => setUsesOwnApp(!usesOwnApp)}
        aria-expanded={usesOwnApp}
      >
        {messages.useOwnApp}
      </Anchor>
      <Collapse expanded={usesOwnApp}>
        <TextInput
          label={messages.clientId}
          description={messages.useOwnAppHint(about.redirectUri)}
          value={clientId}
          onChange={(event) => choose(event.currentTarget.value.trim())}
          maw={560}
          mt="xs"
          spellCheck={false}
        />
      </Collapse>
    </div>
  );
}
