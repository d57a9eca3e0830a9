import { counts } from './counts.ts';
import { formatNumber, plural } from './plural.ts';
import { reviewDeadline } from './review-deadline.ts';
import { terms } from './terms.ts';

interface ReviewEmailFacts {
  readonly app: string;
  /** URL of the app's page, which shows the whole review. */
  readonly page: string;
}
interface ReviewDeadlineFacts {
  /** Day of the deadline. */
  readonly until: string;
  readonly step: keyof typeof reviewDeadline.steps;
}
interface ReviewReasonFacts extends ReviewEmailFacts {
  readonly ground: keyof typeof groundTexts;
  readonly text: string;
}

/** Reasons for a decision about an app. In an email they follow "Reason:". */
const groundTexts = {
  ...terms.decisionGrounds,
  'security-risk': 'a security risk, described below',
  other: 'see below',
};

/** Texts of the emails about app reviews: to the developers, and to administrators about deadlines. */
export const reviewEmails = {
  verified: ({ app, page, until }: ReviewEmailFacts & { readonly until: string }) => ({
    subject: `${app}: we verified your identity`,
    text: `We verified the developer of ${app}. We will activate the app for real patients by ${until} at the latest.

You don’t have to do anything until then. See the status of the app:
${page}`,
    button: { label: 'See the status', url: page },
  }),
  approved: ({ app, page }: ReviewEmailFacts) => ({
    subject: `${app} is approved`,
    text: `${app} is approved. It now works with live practices, with the same client ID, secret and keys as in the sandbox.

Next step: connect the app to a practice as a patient would, and check its log:
${page}`,
    button: { label: 'Open the app’s page', url: page },
  }),
  changeApproved: ({ app, page }: ReviewEmailFacts) => ({
    subject: `Your changes to ${app} are approved`,
    text: `Your changes to ${app} are approved and apply from now on.

See the approved version:
${page}`,
    button: { label: 'See the approved version', url: page },
  }),
  rejected: ({ app, page, ground, text }: ReviewReasonFacts) => ({
    subject: `${app} is not approved`,
    text: `${app} is not approved. Reason: ${groundTexts[ground]}.

${text}

The app no longer works, including in the sandbox. What to do next: fix the points above and submit a new version. The review period starts again:
${page}`,
    button: { label: 'Open the app’s page', url: page },
  }),
  changeRejected: ({ app, page, ground, text }: ReviewReasonFacts) => ({
    subject: `Your changes to ${app} are not approved`,
    text: `Your changes to ${app} are not approved. Reason: ${groundTexts[ground]}.

${text}

The approved version still works as before. What to do next: fix the points above and submit a new version:
${page}`,
    button: { label: 'Open the app’s page', url: page },
  }),
  asked: ({
    app,
    page,
    question,
    until,
    step,
  }: ReviewEmailFacts & ReviewDeadlineFacts & { readonly question: string }) => ({
    subject: `A question about ${app}`,
    text: `We have a question about ${app}:

${question}

Please answer on the page of the app. The deadline doesn’t change (${reviewDeadline.steps[step]}, ${reviewDeadline.by(until)}).
${page}`,
    button: { label: 'Answer the question', url: page },
  }),
  suspended: ({ app, page, ground, text }: ReviewReasonFacts) => ({
    subject: `${app} is suspended`,
    text: `${app} is suspended from now on. No one can sign in to it, and all of its tokens are rejected. Reason: ${groundTexts[ground]}.

${text}

What to do next: fix the points above. If the fix changes the app’s registration, submit a new version on the page of the app. The access that patients allowed is saved. When the app is resumed, it works as before.
${page}`,
    button: { label: 'Open the app’s page', url: page },
  }),
  resumed: ({ app, page }: ReviewEmailFacts) => ({
    subject: `${app} works again`,
    text: `${app} is no longer suspended. The access that patients allowed applies again, and its unexpired tokens work again.

${page}`,
    button: { label: 'Open the app’s page', url: page },
  }),
  retired: ({ app, page, ground, text }: ReviewReasonFacts) => ({
    subject: `${app} is retired`,
    text: `${app} is permanently retired. No one can sign in to it, and all of its tokens are rejected. Reason: ${groundTexts[ground]}.

${text}

Its history stays on its page. You can register another app at any time:
${page}`,
    button: { label: 'Open the app’s page', url: page },
  }),
  dueSoon: ({ app, page, until, step }: ReviewEmailFacts & ReviewDeadlineFacts) => ({
    subject: `Review: ${app} is due by ${until}`,
    text: `The review of ${app} is due ${reviewDeadline.by(until)} (${reviewDeadline.steps[step]}). Two business days or fewer remain (45 CFR 170.404(b)(1)).

${page}`,
    button: { label: 'Review the app', url: page },
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
    text: `${plural(count, { one: 'This app without an organization is waiting', other: `${counts.apps(count)} without an organization are waiting` })} for a decision. Two business days or fewer remain (45 CFR 170.404(b)(1)).

${app}${others === 0 ? '' : `, and ${formatNumber(others)} more`}

${page}`,
    button: { label: 'Review the app', url: page },
  }),
};
