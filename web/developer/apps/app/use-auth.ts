import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { AppAnswer, AppDraft, AuthChange, NewVersionAnswer } from '../../../../src/portal/contract/apps.ts';
import { useWords } from '../../../words/index.ts';
import { tidied } from '../draft/empty-draft.ts';
import { forget, keep, readKept } from '../draft/kept-draft.ts';
import { USUAL_DAYS } from '../draft/secret-lifetime.tsx';
import { useFaults } from '../draft/use-faults.ts';
import { actOn } from '../queries.ts';
import { gainedSecret } from './gained-secret.tsx';

/** Key of the stored draft, which survives the detour to confirm one's identity. Keys are not stored. */
const placeOf = ({ clientId }: AppAnswer) => `auth:${clientId}`;

const FIELDS = ['auth', 'jwks', 'jwksUri'] as const;

/** State of the form that changes the app's authentication. */
export function useAuth(app: AppAnswer, onClose: () => void) {
  const { terms, clientId, revision } = app;
  const [storedDraft] = useState(() => readKept(placeOf(app)));
  const [draft, setDraft] = useState<AppDraft>(() => ({ ...terms, ...chosenIn(storedDraft?.draft) }));
  const [secretDays, setSecretDays] = useState(
    storedDraft?.secretDays === undefined ? USUAL_DAYS : storedDraft.secretDays,
  );
  const errors = useFaults(draft, clientId);
  const act = useChange(app, onClose);
  const remember = (next: AppDraft, days: number | null) =>
    keep(next, { secretDays: days }, { clientId: placeOf(app), revision });
  const normalized = tidied(draft);
  return {
    draft,
    secretDays,
    errors,
    act,
    isSame: FIELDS.every((field) => JSON.stringify(normalized[field]) === JSON.stringify(tidied(terms)[field])),
    /** Keys were pasted before the page was left, and have to be pasted again. */
    keysLost: storedDraft?.hadKeys === true && draft.auth === 'private_key_jwt' && (draft.jwks ?? draft.jwksUri) === '',
    change(patch: Partial<AppDraft>) {
      const next = { ...draft, ...patch };
      setDraft(next);
      remember(next, secretDays);
    },
    setSecretDays(days: number | null) {
      setSecretDays(days);
      remember(draft, days);
    },
    leave() {
      forget(placeOf(app));
      onClose();
    },
    async send(): Promise<void> {
      errors.touch(...FIELDS);
      if ((await errors.check(draft)).some(({ field }) => isOne(field))) return;
      act.mutate({
        auth: normalized.auth,
        jwksUri: normalized.jwksUri,
        ...(normalized.jwks === undefined ? {} : { jwks: normalized.jwks }),
        ...(normalized.auth === 'secret' ? { secretDays } : {}),
      });
    },
  };
}

const isOne = (field: string): boolean => (FIELDS as readonly string[]).includes(field);

const chosenIn = (storedDraft: AppDraft | undefined): Partial<AppDraft> =>
  storedDraft === undefined ? {} : { auth: storedDraft.auth, jwksUri: storedDraft.jwksUri, jwks: undefined };

function useChange(app: AppAnswer, onClose: () => void) {
  const { apps, shell } = useWords();
  const client = useQueryClient();
  return useMutation({
    async mutationFn(body: AuthChange) {
      const response = await actOn<NewVersionAnswer>('PATCH', app.clientId, 'auth', body);
      takeOver(app, response.app);
      return response;
    },
    async onSuccess({ clientSecret }) {
      forget(placeOf(app));
      if (clientSecret !== null) gainedSecret.show(client, clientSecret);
      await client.invalidateQueries({ queryKey: ['apps', 'one', app.clientId] });
      notifications.show({ color: 'green', message: apps.auth.done, closeButtonProps: { 'aria-label': shell.close } });
      onClose();
    },
  });
}

/** Rebases a stored settings draft on the new revision, because this change was made by the same developer. */
function takeOver({ clientId, revision }: AppAnswer, after: AppAnswer): void {
  const storedDraft = readKept(clientId);
  if (storedDraft === undefined || storedDraft.revision !== revision) return;
  const { auth, jwksUri } = after.terms;
  keep({ ...storedDraft.draft, auth, jwksUri }, {}, { clientId, revision: after.revision });
}
