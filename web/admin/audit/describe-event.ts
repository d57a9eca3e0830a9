import type { AdminWebMessages } from '../../../src/i18n/en/admin-web.ts';
import type { AuditEntryResponse } from '../../../src/portal-api/contract/operations.ts';

type EventMessages = AdminWebMessages['operations']['audit']['events'];
type AuditFacts = Parameters<EventMessages['sentences']['read']>[0];
type Sentences = Readonly<Record<string, (facts: AuditFacts) => string>>;

/** Describes an audit event in a sentence. It contains only facts of the entry, so it never names a patient. */
export function describeEvent(messages: EventMessages, entry: AuditEntryResponse): string {
  const { kind, outcome } = entry;
  const isFailure = outcome === 'failure';
  const sentences: Sentences = isFailure ? messages.failures : messages.sentences;
  const facts = collectFacts(messages, entry);
  for (const key of [`${kind}/${eventAction(entry)}`, kind]) {
    const sentence = Object.hasOwn(sentences, key) ? sentences[key] : undefined;
    if (sentence === undefined) continue;
    const text = capitalize(sentence(facts));
    return entry.detail['madeUp'] === true ? messages.madeUp(text) : text;
  }
  return isFailure ? messages.unknownFailure(kind) : messages.unknown(kind);
}

/** Returns the action of an event as the audit log names it. It is the second part of the key of a sentence. */
function eventAction({ kind, accountId, detail }: AuditEntryResponse): string {
  if (kind === 'sign-in') return accountId === null ? 'unknown-account' : '';
  if (kind === 'record-view') return String(detail['view']);
  if (kind === 'write') return detail['step'] === 'begun' ? 'begun' : String(detail['bundle']);
  return String(detail['action']);
}

function collectFacts(messages: EventMessages, entry: AuditEntryResponse): AuditFacts {
  const { accountId, app, clientId, patients, practice, resources, type } = entry;
  const who = nameActor(messages, entry);
  const atPractice = practice === null ? '' : messages.atPractice(practice);
  return {
    who,
    app: app ?? clientId ?? messages.anApp,
    data:
      resources === null
        ? (type ?? messages.someData)
        : type === null
          ? messages.entries(resources)
          : messages.resources(resources, type),
    ofPatients: patients === null ? '' : `${messages.ofPatients(patients)}${atPractice}`,
    forPerson: accountId === null ? '' : messages.forPerson(who),
    atPractice,
  };
}

function nameActor({ people }: EventMessages, entry: AuditEntryResponse): string {
  const { kind, person, accountId, personKind, requestId, detail } = entry;
  if (person !== null) return person;
  if (accountId !== null) return personKind === null ? people.deleted : people.patient;
  if (kind === 'brands' || detail['automatic'] === true) return people.server;
  // A command runs outside of HTTP requests, so its events have no request id.
  const isCommand = ['command line', 'operator'].includes(String(detail['by'])) || requestId === null;
  return isCommand ? people.operator : people.anonymous;
}

const capitalize = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
