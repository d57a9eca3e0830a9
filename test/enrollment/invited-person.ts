import type { FastifyInstance } from 'fastify';
import { hiddenFields } from '../support/browser/html.ts';
import { type BrowserResponse, type Fields, PatientBrowser } from '../support/people/patient.ts';
import type { SentInvitation, UnenrolledPatient } from './unenrolled-patients.ts';

/** A long password that is on no list of common passwords. */
export const PASSWORD = 'maple otter violin 47';

/** A person who opens the pages of an invitation in a browser without JavaScript. */
export class InvitedPerson extends PatientBrowser {
  readonly invited: Pick<SentInvitation, 'path'>;

  constructor(app: FastifyInstance, invited: Pick<SentInvitation, 'path'>) {
    super(app);
    this.invited = invited;
  }

  /**
   * Opens a page of the invitation and sends its form.
   * @param action where the form is sent
   */
  async send(page: string, fields: Fields, action = page): Promise<BrowserResponse> {
    const { path } = this.invited;
    const response = await this.get(`${path}${page}`);
    return this.post(`${path}${action}`, { ...hiddenFields(response.body), passkey: '', ...fields });
  }

  prove(person: UnenrolledPatient, code: string, changes: Fields = {}): Promise<BrowserResponse> {
    const [year = '', month = '', day = ''] = person.birthDate.split('-');
    return this.send('/proof', { month, day, year, zip: person.postalCode, code, ...changes });
  }

  choose(username: string, changes: Fields = {}): Promise<BrowserResponse> {
    return this.send('/account', { username, language: 'en', ...changes });
  }

  finish(password = PASSWORD, repeat = password): Promise<BrowserResponse> {
    return this.send('/key', { password, repeat });
  }

  /** Completes enrollment: identity proofing, username and password. */
  async enroll(person: UnenrolledPatient, code: string, username: string): Promise<BrowserResponse> {
    await this.prove(person, code);
    await this.choose(username);
    return this.finish();
  }
}
