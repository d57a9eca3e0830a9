import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { AppDraft, AppResponse, NewVersionResponse } from '../../../../src/portal-api/contract/apps.ts';
import { useMessages } from '../../../i18n/index.ts';
import { ApiProblem } from '../../../shell/api.ts';
import { notify } from '../../../shell/notifications.tsx';
import { normalizeDraft } from '../draft/empty-draft.ts';
import { readStoredDraft, removeStoredDraft, storeDraft } from '../draft/stored-draft.ts';
import { useDraftErrors } from '../draft/use-draft-errors.ts';
import { initialTerms } from '../initial-terms.ts';
import { changedFields } from './changed-fields.ts';
import { pendingSecret } from './pending-secret.tsx';
import { useAppMutation } from './use-app-mutation.ts';

/** State of the settings form. Unsaved changes survive while the developer confirms their identity on another page. */
export function useSettings(app: AppResponse) {
  const { settings } = useMessages().apps;
  const { clientId } = app;
  const client = useQueryClient();
  const start = initialTerms(app);
  const [draft, setDraft] = useState(() => ({ ...start, ...readStoredDraft(clientId)?.draft }));
  // Revision of the app with which the draft was started. It must not change when the app is reloaded, because the
  // draft doesn't change then either.
  const [revision, setRevision] = useState(() => readStoredDraft(clientId)?.revision ?? app.revision);
  const disabled = !app.may.change || app.state === 'retired';
  const errors = useDraftErrors(disabled ? undefined : draft, clientId);
  const submit = useAppMutation<NewVersionResponse>(clientId, 'POST', 'versions', {
    onDone({ app: changed, waits, clientSecret }) {
      removeStoredDraft(clientId);
      setRevision(changed.revision);
      if (clientSecret !== null) pendingSecret.show(client, clientSecret);
      const inReview = waits.length > 0 || (changed.open !== null && changed.state !== 'active');
      notify(inReview ? settings.submitted : settings.saved);
    },
  });
  return {
    draft,
    errors,
    submit,
    changed: changedFields(start, normalizeDraft(draft)),
    disabled,
    change: (patch: Partial<AppDraft>) =>
      setDraft((before) => {
        const after = { ...before, ...patch };
        storeDraft(after, {}, { clientId, revision });
        return after;
      }),
    undo() {
      removeStoredDraft(clientId);
      setRevision(app.revision);
      setDraft(start);
    },
    async send(): Promise<void> {
      errors.touch(...Object.keys(draft), 'jwks');
      const wrong = await errors.check(draft);
      if (wrong.length === 0) submit.mutate({ draft: normalizeDraft(draft), revision });
      else setTimeout(() => document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(), 50);
    },
  };
}

export type SettingsDraft = ReturnType<typeof useSettings>;

/**
 * Joins the messages of all field errors into one error for the bottom of the form, because some fields are far up the
 * page.
 */
export function listFieldErrors(error: Error): Error {
  const errors = error instanceof ApiProblem ? Object.values(error.fieldErrors) : [];
  if (!(error instanceof ApiProblem) || errors.length === 0) return error;
  return new ApiProblem({ ...error.problem, detail: errors.join(' ') });
}
