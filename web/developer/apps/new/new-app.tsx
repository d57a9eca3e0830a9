import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import type { NewAppResponse } from '../../../../src/portal-api/contract/apps.ts';
import { useLanguage } from '../../../i18n/index.ts';
import { Page } from '../../../shell/page.tsx';
import { ErrorState, Loading } from '../../../shell/page-states.tsx';
import { removeStoredDraft } from '../draft/stored-draft.ts';
import { MembershipGuard } from '../membership-guard.tsx';
import { catalogueQuery } from '../queries.ts';
import { CreatedApp } from './created-app.tsx';
import { useNewApp } from './use-new-app.ts';
import { Wizard } from './wizard.tsx';

export default function NewAppPage() {
  const { newApp } = useLanguage().messages.apps;
  return (
    <MembershipGuard title={newApp.title}>
      {(organisation) => <NewAppWizard organisationId={organisation.organisationId} />}
    </MembershipGuard>
  );
}

function NewAppWizard({ organisationId }: { readonly organisationId: string }) {
  const { messages, language } = useLanguage();
  const { newApp } = messages.apps;
  const catalogue = useQuery(catalogueQuery(language));
  const app = useNewApp();
  const [search] = useSearchParams();
  const [made, setMade] = useState<{ readonly answer: NewAppResponse; readonly logoError: Error | undefined }>();
  if (made !== undefined) return <CreatedApp {...made} />;
  return (
    <Page title={newApp.title} lead={search.has('welcome') ? newApp.welcome : newApp.lead}>
      {catalogue.error !== null ? (
        <ErrorState error={catalogue.error} again={() => void catalogue.refetch()} />
      ) : catalogue.data === undefined ? (
        <Loading />
      ) : (
        <Wizard
          app={app}
          catalogue={catalogue.data}
          organisationId={organisationId}
          onMade={(response, logoError) => {
            removeStoredDraft();
            setMade({ answer: response, logoError });
          }}
        />
      )}
    </Page>
  );
}
