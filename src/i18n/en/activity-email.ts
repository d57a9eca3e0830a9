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
    subject: `${app} got its first data`,
    text: `Hello ${person},

${app} has made its first successful call: it asked for data and got it.

When: ${at}
Whose data: ${live ? 'a live patient’s. From now on real people rely on your app.' : 'a test patient’s, from the sandbox.'}

Every request and why it was refused, if it was: ${log}
Calls, errors and how far people come: ${usage}

This mail comes once for each app.`,
  }),
};
