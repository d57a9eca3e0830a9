import type { Executor } from '../database/index.ts';
import { formatLongDateTime, getMessages, type Messages } from '../i18n/index.ts';
import type { Administrator } from '../identity/index.ts';
import type { EmailQueue } from '../mail/index.ts';
import type { AnnouncedActionName } from './action.ts';

type ApprovalMessages = Messages['approvalEmails'];

/** An event in the course of an action. Each kind has its own email. */
export type AnnouncedEvent =
  | { readonly kind: 'requested'; readonly who: string; readonly expiresAt: Date }
  | { readonly kind: 'approved'; readonly who: string; readonly decider: string }
  | { readonly kind: 'rejected'; readonly who: string; readonly decider: string }
  | { readonly kind: 'withdrawn'; readonly who: string }
  /** There was no other administrator who could have approved it. */
  | { readonly kind: 'alone'; readonly who: string }
  /** It ends access, so it took effect without an approval. */
  | { readonly kind: 'at-once'; readonly who: string }
  /** The first and the second approval of an app that may read whole practices. */
  | { readonly kind: 'first-approval' | 'second-approval'; readonly who: string; readonly clientId: string }
  | { readonly kind: 'operator' };

/** An action of administrators or an operator that all administrators hear of. */
export interface Announcement {
  readonly action: AnnouncedActionName;
  /** The app or person that the action is about; empty if the action says it all. */
  readonly subject: string;
  readonly reason?: string | undefined;
  readonly event: AnnouncedEvent;
}

export interface AnnouncementDeps {
  readonly mail: Pick<EmailQueue, 'queueInTransaction'>;
  /** Name of the installation. */
  readonly brandName: string;
  readonly publicUrl: string;
}

/** The installation has no time zone of its own, so its administrators read times in UTC. */
const TIME_ZONE = 'UTC';

/** Queues an email about an action to each of these administrators who has an email address. */
export async function emailAdministrators(
  tx: Executor,
  deps: AnnouncementDeps,
  administrators: readonly Administrator[],
  announcement: Announcement,
): Promise<void> {
  for (const { email, language, displayName } of administrators) {
    if (email === undefined) continue;
    const { approvalEmails } = getMessages(language);
    const formatTime = (at: Date): string => formatLongDateTime(language, at, TIME_ZONE);
    const { subject, text, button } = compose(approvalEmails, deps.publicUrl, announcement, formatTime);
    await deps.mail.queueInTransaction(tx, {
      to: email,
      subject,
      text: `${approvalEmails.greeting(displayName)}\n\n${text}`,
      language,
      button,
      reason: 'account',
      senderName: deps.brandName,
      sandbox: false,
    });
  }
}

function compose(
  messages: ApprovalMessages,
  publicUrl: string,
  { action, subject: about, reason = '', event }: Announcement,
  formatTime: (at: Date) => string,
) {
  const what = messages.actions[action](about);
  const isOpen = event.kind === 'requested' || event.kind === 'first-approval';
  const url = `${publicUrl}${pageFor(event)}`;
  const label = isOpen ? messages.review : messages.auditLog;
  const paragraphs = [
    `${what}.`,
    ...(reason === '' ? [] : [messages.reason(reason)]),
    describe(messages, event, formatTime),
    `${isOpen ? messages.toReview : messages.unexpected}\n${url}`,
  ];
  const subject = messages.subjects[event.kind](what);
  return { subject: subject.slice(0, MAX_SUBJECT), text: paragraphs.join('\n\n'), button: { label, url } };
}

const MAX_SUBJECT = 200;

const pageFor = (event: AnnouncedEvent): string => {
  if (event.kind === 'requested') return '/review/approvals';
  return event.kind === 'first-approval' ? `/review/apps/${encodeURIComponent(event.clientId)}` : '/review/audit';
};

function describe(messages: ApprovalMessages, event: AnnouncedEvent, formatTime: (at: Date) => string): string {
  const { events } = messages;
  switch (event.kind) {
    case 'requested':
      return events.requested({ who: event.who, until: formatTime(event.expiresAt) });
    case 'approved':
      return events.approved(event);
    case 'rejected':
      return events.rejected(event);
    case 'operator':
      return events.operator;
    default:
      return events[event.kind](event);
  }
}
