import { getMessages, type Messages, type PageContext } from '../i18n/index.ts';
import { type Html, html, type Problem } from '../kernel/index.ts';
import { layout } from './layout.ts';

/** Renders an error page. It shows the id by which the operator can find the request in the log. */
export function problemPage(problem: Problem, requestId: string, pageContext: PageContext): Html {
  const { problems } = getMessages(pageContext.language);
  const title = problems.titles[problem.code] ?? problems.unknown;
  const body = html`
<h1>${title}</h1>
<p class="lead">${messageFor(problem, pageContext)}</p>
<ul class="actions">
  <li><a class="button" href="/">${problems.home}</a></li>
  ${WAYS_ON[problem.code]?.(problems)}
</ul>
<p class="muted">${problems.help} <code>${requestId}</code></p>
${isForDevelopers(problem) && developerDetails(problem, problems)}`;
  return layout(pageContext, { title, body });
}

type ProblemMessages = Messages['problems'];

const toStatus = (messages: ProblemMessages): Html => html`<li><a href="/status">${messages.status}</a></li>`;
const signInLink = (text: string): Html => html`<li><a href="/sign-in">${text}</a></li>`;
const toOtherAccount = (messages: ProblemMessages): Html => signInLink(messages.switchAccount);
const toReview = (messages: ProblemMessages): Html => html`<li><a href="/review">${messages.toReview}</a></li>`;
const toSignIn = (messages: ProblemMessages): Html => signInLink(messages.signIn);

/** Returns whether an app caused the problem, so that its developer has to fix it. The reader can't. */
const isForDevelopers = ({ code }: Problem): boolean =>
  code === 'unknown-client' || code === 'redirect-mismatch' || OAUTH_CODE.test(code);

/** Error codes of OAuth 2.0 have underscores, and this server's own codes have hyphens. */
const OAUTH_CODE = /_/;

const developerDetails = ({ code }: Problem, { developers }: ProblemMessages): Html =>
  html`<p class="muted">${developers} <a href="/docs/errors#${code}"><code>${code}</code></a></p>`;

/** Links that help with certain problems, besides the link to the home page. */
const WAYS_ON: Readonly<Record<string, (messages: ProblemMessages) => Html>> = {
  internal: toStatus,
  unavailable: toStatus,
  'wrong-account': toOtherAccount,
  'not-in-sandbox': toReview,
  'role-missing': toOtherAccount,
  'link-over': toSignIn,
};

/**
 * Returns the message for the reader: the problem's own message if it is in the reader's language, or else the one in
 * the message catalog.
 */
function messageFor({ code, message, language }: Problem, pageContext: PageContext): string {
  if (language === pageContext.language) return message;
  return getMessages(pageContext.language).problems.messages[code] ?? message;
}
