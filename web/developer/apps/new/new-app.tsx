import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { NewAppAnswer } from '../../../../src/portal/contract/apps.ts';
import { Page } from '../../../shell/page.tsx';
import { Failure, Loading } from '../../../shell/states.tsx';
import { useLanguage } from '../../../words/index.ts';
import { forget } from '../draft/kept-draft.ts';
import { ForDevelopers } from '../for-developers.tsx';
import { catalogueQuery } from '../queries.ts';
import { Made } from './made.tsx';
import { useNewApp } from './use-new-app.ts';
import { Wizard } from './wizard.tsx';

export default function NewAppPage() {
  const { newApp } = useLanguage().words.apps;
  return (
    <ForDevelopers title={newApp.title}>
      {(organisation) => <Adding organisationId={organisation.organisationId} />}
    </ForDevelopers>
  );
}

function Adding({ organisationId }: { readonly organisationId: string }) {
  const { words, language } = useLanguage();
  const { newApp } = words.apps;
  const catalogue = useQuery(catalogueQuery(language));
  const app = useNewApp();
  const [made, setMade] = useState<{ readonly answer: NewAppAnswer; readonly logoError: Error | undefined }>();
  if (made !== undefined) return <Made {...made} />;
  return (
    <Page title={newApp.title} lead={newApp.lead}>
      {catalogue.error !== null ? (
        <Failure error={catalogue.error} again={() => void catalogue.refetch()} />
      ) : catalogue.data === undefined ? (
        <Loading />
      ) : (
        <Wizard
          app={app}
          catalogue={catalogue.data}
          organisationId={organisationId}
          onMade={(response, logoError) => {
            forget();
            setMade({ answer: response, logoError });
          }}
        />
      )}
    </Page>
  );
}
