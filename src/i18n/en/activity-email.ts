import { counts } from './counts.ts';
import { formatNumber } from './plural.ts';

interface RisingErrorsFacts {
  readonly app: string;
  readonly period: 'hour' | 'day';
  readonly errors: number;
  readonly percent: number;
  readonly usualPercent: number;
  /** URL of the log with the rejected requests. */
  readonly log: string;
}
interface FirstCallFacts {
  readonly person: string;
  readonly app: string;
  readonly live: boolean;
  readonly at: string;
  readonly log: string;
  readonly usage: string;
}

/** Texts of the emails to developers about their apps' activity. */
export const activityEmails = {
  firstCall: ({ person, app, live, at, log, usage }: FirstCallFacts) => ({
    subject: `${app} received its first data`,
    text: `Hello ${person},

${app} made its first successful request and received data.

When: ${at}
Whose data: ${live ? 'a real patient’s. People now rely on your app.' : 'a test patient’s, in the sandbox.'}

All requests, and why any were rejected: ${log}
Calls, errors and the authorization funnel: ${usage}

We send this email once for each app.`,
  }),
  errorsRising: ({ app, period, errors, percent, usualPercent, log }: RisingErrorsFacts) => ({
    subject: `${app} has more errors than usual`,
    text: `In the last ${period === 'hour' ? 'hour' : '24 hours'}, ${counts.errors(errors)} occurred in ${app}: ${formatNumber(percent)}% of its requests failed. In the two weeks before, it was ${formatNumber(usualPercent)}%.

See which requests were rejected, and why:
${log}

We send this email at most once a day for each app.`,
    button: { label: 'See the rejected requests', url: log },
  }),
  /** Last line of each email that a developer can turn off. */
  turnOff: (page: string) => `Choose which of these emails you get: ${page}`,
};
