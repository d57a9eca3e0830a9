import type { AccessLogEntry } from '../../audit/index.ts';
import { getMessages, type Messages } from '../../i18n/index.ts';
import { categoryLabels } from '../connections/visible-data.ts';
import type { PatientPortalDeps } from '../deps.ts';
import type { PatientPortalContext } from '../portal-context.ts';
import { sanitizeText } from '../sanitize-text.ts';

/** Texts of one access log entry in the reader's language. */
export interface AccessLogEntryText {
  /** The app, or the person who read without one. Entries with the same one are a group. */
  readonly group: string;
  readonly reader: string;
  readonly description: string;
  /** Number of resources that were read, as text. Empty if the number isn't known or access was denied. */
  readonly entries: string;
  readonly outcome: string;
  readonly denied: boolean;
}

/** Creates a function that describes entries of a record's access log to the signed-in person. */
export function createEntryFormatter(
  { types }: Pick<PatientPortalDeps, 'types'>,
  { pageContext, session }: Pick<PatientPortalContext, 'pageContext' | 'session'>,
): (entry: AccessLogEntry) => AccessLogEntryText {
  const messages = getMessages(pageContext.language);
  const { accessLog: w } = messages.patientPortal;
  const labels = categoryLabels(messages);
  return (entry) => {
    const { outcome, resources } = entry;
    const denied = outcome === 'failure';
    return {
      group: entry.clientId === undefined ? formatReader(entry, session.accountId, w) : formatApp(entry, w),
      reader: formatReader(entry, session.accountId, w),
      description: formatDescription(entry, labels, types.aliases, w),
      entries: resources === undefined || denied ? '' : String(resources),
      outcome: denied ? w.refused : w.allowed,
      denied,
    };
  };
}

type AccessLogMessages = Messages['patientPortal']['accessLog'];

/**
 * Returns who read the data: the person and the app that the person used. If the signed-in person used the app, only
 * the app is named.
 */
function formatReader(entry: AccessLogEntry, ownAccountId: string, w: AccessLogMessages): string {
  const { accountId, clientId, personKind } = entry;
  const person = sanitizeText(entry.person ?? w.someone, 120);
  if (clientId === undefined) return accountId === ownAccountId ? w.you : person;
  const app = formatApp(entry, w);
  if (accountId === undefined) return w.service(app);
  if (accountId === ownAccountId) return app;
  return personKind === 'staff' ? w.staffIn(person, app) : w.byPerson(app, person);
}

/** Returns the name of an app, which says whether its reads are made up. */
export function formatApp({ app, madeUp }: Pick<AccessLogEntry, 'app' | 'madeUp'>, w: AccessLogMessages): string {
  const name = sanitizeText(app ?? w.unknownApp, 120);
  return madeUp ? w.example(name) : name;
}

function formatDescription(
  { kind, type, detail }: AccessLogEntry,
  labels: ReadonlyMap<string, string>,
  aliases: Readonly<Record<string, string>>,
  w: AccessLogMessages,
): string {
  const label = labels.get(aliases[type ?? ''] ?? type ?? '');
  if (kind === 'record-view') {
    const view = w.views[String(detail['view'])] ?? w.otherView;
    return label === undefined ? view : `${view}: ${label}`;
  }
  if (kind === 'document') return w.document;
  if (kind === 'export') return w.export;
  if (type === 'Group') return w.group;
  return label ?? w.unknownKind;
}
