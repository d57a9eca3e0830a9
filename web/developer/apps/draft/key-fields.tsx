import { Radio, Stack, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useMessages } from '../../../i18n/index.ts';
import { useDraft, useField } from './draft-form.ts';
import { readKeySet } from './key-set.ts';
import { UrlFinding } from './url-check.tsx';

/** Form fields for an app's public keys: an address of the key set, or the pasted key set. */
export function KeyFields() {
  const messages = useMessages().apps.authentication;
  const { draft, change, disabled, errorAt } = useDraft();
  const [keySource, setKeySource] = useState(draft.jwks === undefined ? 'address' : 'value');
  const address = useField('jwksUri');
  const choose = (chosen: string) => {
    setKeySource(chosen);
    change(chosen === 'value' ? { jwksUri: '' } : { jwks: undefined });
  };
  return (
    <>
      <Radio.Group label={messages.where} value={keySource} onChange={choose}>
        <Stack gap="xs" mt={8}>
          <Radio value="address" label={messages.byAddress} disabled={disabled} />
          <Radio value="value" label={messages.byValue} disabled={disabled} />
        </Stack>
      </Radio.Group>
      {keySource === 'address' ? (
        <div>
          <TextInput
            label={messages.jwksUri}
            description={messages.jwksUriHint}
            type="url"
            placeholder="https://app.example/jwks.json"
            {...address}
            error={address.error ?? errorAt('jwks')}
          />
          <UrlFinding kind="jwks" uri={draft.jwksUri} />
        </div>
      ) : (
        <PastedKeys />
      )}
    </>
  );
}

function PastedKeys() {
  const messages = useMessages().apps.authentication;
  const { draft, change, touch, disabled, errorAt } = useDraft();
  const [text, setText] = useState(draft.jwks === undefined ? '' : JSON.stringify(draft.jwks, null, 2));
  const [left, setLeft] = useState(false);
  const read = readKeySet(text);
  const readError =
    read === 'private' ? messages.privateKey : read === 'no-json' && left && text !== '' ? messages.notJson : undefined;
  return (
    <Textarea
      label={messages.jwks}
      description={messages.jwksHint}
      placeholder={'{"keys": [{"kty": "EC", …}]}'}
      autosize
      minRows={4}
      maxRows={14}
      spellCheck={false}
      autoComplete="off"
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
      value={text}
      disabled={disabled}
      error={readError ?? errorAt('jwks')}
      onChange={(event) => {
        const now = readKeySet(event.currentTarget.value);
        // A private key can only be pasted by mistake, so it isn't displayed.
        setText(now === 'private' ? '{"keys": [{"d": "…"}]}' : event.currentTarget.value);
        change({ jwks: typeof now === 'string' ? undefined : now });
      }}
      onBlur={() => {
        setLeft(true);
        touch('jwks');
      }}
    />
  );
}
