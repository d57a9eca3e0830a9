import { TextInput } from '@mantine/core';
import { useWords } from '../../../words/index.ts';
import { AddressFinding } from './address-check.tsx';
import { useDraft, useField } from './form.ts';

export function PolicyFields() {
  const { policy, about } = useWords().apps;
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
        <AddressFinding kind="policy" uri={draft.policyUri} />
      </div>
      <div>
        <TextInput
          label={policy.terms}
          description={about.optional}
          type="url"
          placeholder="https://"
          {...useField('termsUri')}
        />
        <AddressFinding kind="terms" uri={draft.termsUri} />
      </div>
    </>
  );
}
