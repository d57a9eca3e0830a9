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
};
