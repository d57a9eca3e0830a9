import type { FastifyInstance } from 'fastify';
import { hiddenFields } from '../support/html.ts';
import { type Fields, PatientBrowser, type Shown } from '../support/patient.ts';
import type { Invited, Unenrolled } from './people.ts';

/** A long password that is on no list of common passwords. */
export const PASSWORD = 'maple otter violin 47';

/** A person with an invitation, at a browser without JavaScript. */
export class InvitedPerson extends PatientBrowser {
  readonly invited: Pick<Invited, 'path'>;

  constructor(app: FastifyInstance, invited: Pick<Invited, 'path'>) {
    super(app);
    this.invited = invited;
  }

  /** Opens a page of the invitation and sends its last form, or the one to `action`. */
  async send(page: string, fields: Fields, action = page): Promise<Shown> {
    const { path } = this.invited;
    const shown = await this.get(`${path}${page}`);
    return this.post(`${path}${action}`, { ...hiddenFields(shown.body), passkey: '', ...fields });
  }

  prove(person: Unenrolled, code: string, changes: Fields = {}): Promise<Shown> {
    const [year = '', month = '', day = ''] = person.birthDate.split('-');
    return this.send('/proof', { month, day, year, zip: person.postalCode, code, ...changes });
  }

  choose(username: string, changes: Fields = {}): Promise<Shown> {
    return this.send('/account', { username, language: 'en', ...changes });
  }

  finish(password = PASSWORD, repeat = password): Promise<Shown> {
    return this.send('/key', { password, repeat });
  }

  /** Completes enrollment up to the last answer. */
  async enroll(person: Unenrolled, code: string, username: string): Promise<Shown> {
    await this.prove(person, code);
    await this.choose(username);
    return this.finish();
  }
}
