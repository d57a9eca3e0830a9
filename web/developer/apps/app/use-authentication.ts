import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type {
  AppDraft,
  AppResponse,
  AuthMethodRequest,
  NewVersionResponse,
} from '../../../../src/portal-api/contract/apps.ts';
import { useMessages } from '../../../i18n/index.ts';
import { notify } from '../../../shell/notifications.tsx';
import { normalizeDraft } from '../draft/empty-draft.ts';
import { DEFAULT_SECRET_DAYS } from '../draft/secret-lifetime.tsx';
import { readStoredDraft, removeStoredDraft, storeDraft } from '../draft/stored-draft.ts';
import { useDraftErrors } from '../draft/use-draft-errors.ts';
import { sendAppRequest } from '../queries.ts';
import { pendingSecret } from './pending-secret.tsx';

/**
 * Returns the sessionStorage key of the form's input, which survives while the developer confirms their identity on
 * another page. The app's keys are not stored.
 */
const storageKey = ({ clientId }: AppResponse) => `auth:${clientId}`;

const FIELDS = ['auth', 'jwks', 'jwksUri'] as const;

/** State of the form that changes how an app authenticates. */
export function useAuthentication(app: AppResponse, onClose: () => void) {
  const { terms, clientId, revision } = app;
  const [storedDraft] = useState(() => readStoredDraft(storageKey(app)));
  const [draft, setDraft] = useState<AppDraft>(() => ({ ...terms, ...chosenAuthentication(storedDraft?.draft) }));
  const [secretDays, setSecretDays] = useState(
    storedDraft?.secretDays === undefined ? DEFAULT_SECRET_DAYS : storedDraft.secretDays,
  );
  const errors = useDraftErrors(draft, clientId);
  const act = useChange(app, onClose);
  const remember = (next: AppDraft, days: number | null) =>
    storeDraft(next, { secretDays: days }, { clientId: storageKey(app), revision });
  const normalized = normalizeDraft(draft);
  return {
    draft,
    secretDays,
    errors,
    act,
    isSame: FIELDS.every((field) => JSON.stringify(normalized[field]) === JSON.stringify(normalizeDraft(terms)[field])),
    /**
     * Whether the developer pasted keys before leaving the page. Keys are not stored, so they have to be pasted again.
     */
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
      removeStoredDraft(storageKey(app));
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

const chosenAuthentication = (storedDraft: AppDraft | undefined): Partial<AppDraft> =>
  storedDraft === undefined ? {} : { auth: storedDraft.auth, jwksUri: storedDraft.jwksUri, jwks: undefined };

function useChange(app: AppResponse, onClose: () => void) {
  const { apps } = useMessages();
  const client = useQueryClient();
  return useMutation({
    async mutationFn(body: AuthMethodRequest) {
      const response = await sendAppRequest<NewVersionResponse>('PATCH', app.clientId, 'auth', body);
      rebaseSettingsDraft(app, response.app);
      return response;
    },
    async onSuccess({ clientSecret }) {
      removeStoredDraft(storageKey(app));
      if (clientSecret !== null) pendingSecret.show(client, clientSecret);
      await client.invalidateQueries({ queryKey: ['apps', 'one', app.clientId] });
      notify(apps.auth.done);
      onClose();
    },
  });
}

/**
 * Updates the stored draft of the settings form to the new revision of the app. Otherwise the settings form would
 * report the changed authentication as a change by someone else, although the same developer made it.
 */
function rebaseSettingsDraft({ clientId, revision }: AppResponse, after: AppResponse): void {
  const storedDraft = readStoredDraft(clientId);
  if (storedDraft === undefined || storedDraft.revision !== revision) return;
  const { auth, jwksUri } = after.terms;
  storeDraft({ ...storedDraft.draft, auth, jwksUri }, {}, { clientId, revision: after.revision });
}
