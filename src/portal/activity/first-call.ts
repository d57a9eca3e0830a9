import type { Executor } from '../../database/index.ts';
import type { OpenPost } from '../../mail/index.ts';
import type { FirstCall } from '../../registry/index.ts';
import { secondOf, wordsIn } from '../../words/index.ts';
import { peopleOfOrganisation } from '../organisations/people.ts';

export interface FirstCallDeps {
  readonly post: OpenPost;
  readonly publicUrl: string;
  readonly brandName: string;
}

/**
 * Creates the function that notifies the administrators and developers of an organization, each in
 * their language, of the first call of an app. Readers are not notified.
 */
export function tellFirstCall({ post, publicUrl, brandName }: FirstCallDeps) {
  return async (tx: Executor, { clientId, appName, organisationId, at, live }: FirstCall): Promise<void> => {
    const page = `${publicUrl}/developer/apps/${clientId}`;
    for (const { name, email, role, language } of await peopleOfOrganisation({ db: tx }, organisationId)) {
      if (email === undefined || role === 'reader') continue;
      const when = secondOf(language, at, 'UTC');
      const { activityMail } = wordsIn(language);
      const values = { person: name, app: appName, live, at: when, log: `${page}/log`, usage: `${page}/usage` };
      await post.queueWithin(tx, {
        to: email,
        ...activityMail.firstCall(values),
        senderName: brandName,
        sandbox: false,
      });
    }
  };
}
