import { counts } from './counts.ts';
import { formatNumber, plural } from './plural.ts';
import { terms } from './terms.ts';

interface ReviewEmailFacts {
  readonly app: string;
  /** URL of the app's page, which shows the whole review. */
  readonly page: string;
}
interface ReviewReasonFacts extends ReviewEmailFacts {
  readonly ground: keyof typeof groundTexts;
  readonly text: string;
}

/** Reasons for a decision about an app. In an email they follow "Reason:". */
const groundTexts = {
  ...terms.decisionGrounds,
  'security-risk': 'a security risk, which is described below',
  other: 'see below',
};

/** Texts of the emails about app reviews: to the developers, and to administrators about deadlines. */
export const reviewEmails = {
  verified: ({ app, page, until }: ReviewEmailFacts & { readonly until: string }) => ({
    subject: `${app}: we made sure of who you are`,
    text: `We made sure of who makes ${app}. It is let into the live practices by ${until} at the latest.

There is nothing to do for you until then. Where it stands:
${page}`,
  }),
  approved: ({ app, page }: ReviewEmailFacts) => ({
    subject: `${app} is approved`,
    text: `${app} is approved. It works with the live practices from now on, with the same id, secret and keys as in the sandbox.

What to do next: connect it to a practice as a patient would, and see what its log says:
${page}`,
  }),
  changeApproved: ({ app, page }: ReviewEmailFacts) => ({
    subject: `The change of ${app} is approved`,
    text: `What you changed about ${app} is approved, and holds from now on.

What holds now:
${page}`,
  }),
  rejected: ({ app, page, ground, text }: ReviewReasonFacts) => ({
    subject: `${app} is not approved`,
    text: `${app} is not approved. Reason: ${groundTexts[ground]}.

${text}

It does not work any more, in the sandbox neither. What to do next: mend what is said above, then hand in a new version. That starts the clock anew:
${page}`,
  }),
  changeRejected: ({ app, page, ground, text }: ReviewReasonFacts) => ({
    subject: `The change of ${app} is not approved`,
    text: `What you want to change about ${app} is not approved. Reason: ${groundTexts[ground]}.

${text}

The version that was approved before works on as it did. What to do next: mend what is said above, then hand in a new version:
${page}`,
  }),
  asked: ({
    app,
    page,
    question,
    until,
  }: ReviewEmailFacts & { readonly question: string; readonly until: string }) => ({
    subject: `A question about ${app}`,
    text: `We have a question about ${app}:

${question}

Please answer on its page. The clock runs on meanwhile: we want to decide by ${until}.
${page}`,
  }),
  suspended: ({ app, page, ground, text }: ReviewReasonFacts) => ({
    subject: `${app} is suspended`,
    text: `${app} is suspended from now on: it can’t sign anybody in, and all of its tokens are refused. Reason: ${groundTexts[ground]}.

${text}

What to do next: mend what is said above. If that changes what is registered, hand in a new version on the page of the app. What patients allowed is kept: once the app is let in again, it works as before.
${page}`,
  }),
  resumed: ({ app, page }: ReviewEmailFacts) => ({
    subject: `${app} works again`,
    text: `${app} is not suspended any more. What patients allowed holds again, and its tokens that have not expired are good.

${page}`,
  }),
  retired: ({ app, page, ground, text }: ReviewReasonFacts) => ({
    subject: `${app} is retired`,
    text: `${app} is retired for good: it can’t sign anybody in, and all of its tokens are refused. Reason: ${groundTexts[ground]}.

${text}

What happened to it stays on its page. Another app can be registered at any time:
${page}`,
  }),
  dueSoon: ({
    app,
    page,
    until,
    step,
  }: ReviewEmailFacts & { readonly until: string; readonly step: 'verify' | 'enable' }) => ({
    subject: `Review: ${app} is due by ${until}`,
    text: `${step === 'verify' ? `Whether the developer of ${app} is who they say has to be made sure of` : `${app} has to work`} by ${until}: two business days or less are left (45 CFR 170.404(b)(1)).

${page}`,
  }),
  /**
   * Email to administrators about apps without an organization whose review is due. Such apps registered themselves, or
   * an operator registered them.
   */
  dueSoonWithoutOrganisation: ({
    app,
    page,
    count,
    others,
  }: ReviewEmailFacts & { readonly count: number; readonly others: number }) => ({
    subject: plural(count, {
      one: `Review: ${app} is due`,
      other: `Review: ${counts.apps(count)} without an organization are due`,
    }),
    text: `${plural(count, { one: 'This app, which no organization makes, waits', other: `${counts.apps(count)} that no organization makes wait` })} to be decided: two business days or less are left (45 CFR 170.404(b)(1)).

${app}${others === 0 ? '' : `, and ${formatNumber(others)} more`}

${page}`,
  }),
};
