import { TextInput } from '@mantine/core';
import { useMessages } from '../../../i18n/index.ts';
import { useDraft, useField } from './draft-form.ts';
import { UrlFinding } from './url-check.tsx';

export function PolicyFields() {
  const { policy, about } = useMessages().apps;
  const { draft } = useDraft();
  return (
    <>
      <div>
        <TextInput
          label={policy.policy}
          description={policy.policyHint}
          type="url"
          placeholder="https://"
          {...useField('policyUri')}
        />
        <UrlFinding kind="policy" uri={draft.policyUri} />
      </div>
      <div>
        <TextInput
          label={policy.terms}
          description={about.optional}
          type="url"
          placeholder="https://"
          {...useField('termsUri')}
        />
        <UrlFinding kind="terms" uri={draft.termsUri} />
      </div>
    </>
  );
}
