import { html } from 'ghtml';
import { endAccessTo } from '../../oauth/index.ts';
import { endRepresentation } from '../../people/index.ts';
import { accountAt } from './account-at.ts';
import { actPage } from './act-page.ts';
import type { Act } from './acts.ts';
import type { PatientsDeps } from './deps.ts';
import { reasonField, reasonIn } from './reason.ts';

/** Somebody acts for the patient no longer. Their account, and whatever else it opens, stays. */
export const endRepresentationAct = (deps: PatientsDeps): Act => ({
  path: 'accounts/:accountId/end',
  changesAccount: true,
  async ask(at, form, faults) {
    const { displayName, ended } = await accountAt(deps, at, 'representative');
    if (ended !== undefined) return undefined;
    return actPage(at, {
      title: `End the access of ${displayName} to the record of ${at.patient.name}?`,
      about: html`
<p>${displayName} no longer sees this record, and neither do the apps that they let in. Their own account stays.</p>`,
      fields: reasonField(at.frame, form, faults, 'Such as: custody has changed, or the patient asked.'),
      button: 'End the access',
      faults,
    });
  },
  async perform(at, form) {
    const { accountId } = await accountAt(deps, at, 'representative');
    const given = reasonIn(form);
    if ('faults' in given) return given;
    const { recordId } = at.patient;
    return deps.db.transaction(async (tx) => {
      if (!(await endRepresentation(tx, deps.clock, { accountId, recordId, ...given }))) return { done: 'changed' };
      const reason = 'this person no longer acts for the patient';
      await endAccessTo(tx, deps.clock.now(), { accountId, recordId, reason });
      await deps.audit.recordWithin(tx, {
        kind: 'account',
        outcome: 'success',
        requestId: at.by.requestId,
        accountId,
        recordId,
        detail: { action: 'end-representation', ...given, by: at.by.accountId },
      });
      return { done: 'ended' };
    });
  },
});
