import { formatNumber, plural } from './plural.ts';

/** Texts of the email to administrators about changes of the audit log. */
export const auditEmails = {
  changed: ({ count }: { readonly count: number }) => ({
    subject: 'The audit log was changed',
    text: `${plural(count, {
      one: 'A check found a part of the audit log that isn’t as it was sealed.',
      other: `A check found ${formatNumber(count)} parts of the audit log that aren’t as they were sealed.`,
    })} Events may have been changed, removed or added.

Treat this as a security incident. Ask the operator of this server to run “patient-access audit verify”, which lists what changed, and to save the database, its log and the archive before anything else is done.`,
  }),
};
