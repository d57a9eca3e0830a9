import { NativeSelect } from '@mantine/core';
import { useMessages } from '../../../i18n/index.ts';
import { useDraft } from './draft-form.ts';

/** Days for which a new secret is valid by default: few enough that developers rotate it now and then. */
export const DEFAULT_SECRET_DAYS = 180;

/**
 * Form field for the validity of an app's first secret.
 * @param days validity in days; null if the secret doesn't expire
 */
export function SecretLifetime({
  days,
  onChange,
}: {
  readonly days: number | null;
  readonly onChange: (days: number | null) => void;
}) {
  const { authentication } = useMessages().apps;
  const { catalogue, disabled } = useDraft();
  return (
    <NativeSelect
      label={authentication.lifetime}
      description={authentication.lifetimeHint}
      disabled={disabled}
      data={catalogue.secretLifetimes.map(({ days: one, label }) => ({ value: String(one), label }))}
      value={String(days)}
      onChange={(event) => {
        const { value } = event.currentTarget;
        onChange(value === 'null' ? null : Number(value));
      }}
    />
  );
}
