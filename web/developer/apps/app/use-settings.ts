import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { AppAnswer, AppDraft, NewVersionAnswer } from '../../../../src/portal/contract/apps.ts';
import { ApiProblem } from '../../../shell/api.ts';
import { useWords } from '../../../words/index.ts';
import { tidied } from '../draft/empty-draft.ts';
import { forget, keep, readKept } from '../draft/kept-draft.ts';
import { useFaults } from '../draft/use-faults.ts';
import { changedFields } from './changed-fields.ts';
import { gainedSecret } from './gained-secret.tsx';
import { useAct } from './use-act.ts';

/** The form starts with the version in review if there is one. */
export const startOf = (app: AppAnswer): AppDraft => app.open?.terms ?? app.terms;

/** State of the settings form. Unsent changes survive the detour to confirm one's identity. */
export function useSettings(app: AppAnswer) {
  const messages = useWords();
  const { settings } = messages.apps;
  const { clientId } = app;
  const client = useQueryClient();
  const start = startOf(app);
  const [draft, setDraft] = useState(() => ({ ...start, ...readKept(clientId)?.draft }));
  // The app is reloaded from time to time and the draft is not, so the draft keeps the revision that it was started
  // with.
  const [revision, setRevision] = useState(() => readKept(clientId)?.revision ?? app.revision);
  const disabled = !app.may.change || app.state === 'retired';
  const errors = useFaults(disabled ? undefined : draft, clientId);
  const submit = useAct<NewVersionAnswer>(clientId, 'POST', 'versions', {
    onDone({ app: changed, waits, clientSecret }) {
      forget(clientId);
      setRevision(changed.revision);
      if (clientSecret !== null) gainedSecret.show(client, clientSecret);
      const closeButtonProps = { 'aria-label': messages.shell.close };
      const inReview = waits.length > 0 || (changed.open !== null && changed.state !== 'active');
      const message = inReview ? settings.submitted : settings.saved;
      notifications.show({ color: 'green', message, closeButtonProps });
    },
  });
  return {
    draft,
    errors,
    submit,
    changed: changedFields(start, tidied(draft)),
    disabled,
    change: (patch: Partial<AppDraft>) =>
      setDraft((before) => {
        const after = { ...before, ...patch };
        keep(after, {}, { clientId, revision });
        return after;
      }),
    undo() {
      forget(clientId);
      setRevision(app.revision);
      setDraft(start);
    },
    async send(): Promise<void> {
      errors.touch(...Object.keys(draft), 'jwks');
      const wrong = await errors.check(draft);
      if (wrong.length === 0) submit.mutate({ draft: tidied(draft), revision });
      else setTimeout(() => document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(), 50);
    },
  };
}

export type SettingsDraft = ReturnType<typeof useSettings>;

/** Lists the messages of all field errors in one problem, because some fields are far up the page. */
export function wholeRefusal(error: Error): Error {
  const errors = error instanceof ApiProblem ? Object.values(error.fieldErrors) : [];
  if (!(error instanceof ApiProblem) || errors.length === 0) return error;
  return new ApiProblem({ ...error.answer, detail: errors.join(' ') });
}
