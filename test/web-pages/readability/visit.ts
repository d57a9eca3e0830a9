import type { Language } from '../../../src/i18n/index.ts';
import { type BrowserResponse, PatientBrowser } from '../../support/people/patient.ts';
import type { TestServer } from '../../support/servers/server.ts';

/** A page as a patient or representative sees it. */
export interface VisitedPage {
  readonly area: string;
  readonly name: string;
  readonly html: string;
}

/** Collects the pages of one area of the site in one language. */
export class Visit {
  readonly server: TestServer;
  readonly language: Language;
  readonly area: string;
  readonly pages: VisitedPage[] = [];

  constructor(server: TestServer, language: Language, area: string) {
    this.server = server;
    this.language = language;
    this.area = area;
  }

  /** A new browser in the language of the visit. */
  browser(): PatientBrowser {
    return this.prepare(new PatientBrowser(this.server.app));
  }

  /** Sets the language of a browser. */
  prepare<Browser extends PatientBrowser>(browser: Browser): Browser {
    browser.setCookie('language', this.language);
    return browser;
  }

  /** Adds a page. Throws if the response isn't a page in the language of the visit. */
  add(name: string, { status, location, body }: BrowserResponse): void {
    if (location !== undefined || !body.includes(`<html lang="${this.language}">`))
      throw new Error(`${this.area}, ${name}: no page in ${this.language}, but ${status} ${location} ${body}`);
    this.addHtml(name, body);
  }

  /** Adds a page that was not requested from the server. */
  addHtml(name: string, html: string): void {
    if (this.pages.some((page) => page.name === name)) throw new Error(`${this.area}: two pages are named ${name}`);
    this.pages.push({ area: this.area, name, html });
  }

  /** Opens a page, follows its redirects within the site, and adds it. */
  async open(name: string, browser: PatientBrowser, url: string): Promise<BrowserResponse> {
    let response = await browser.get(url);
    for (let step = 0; step < 5 && response.location !== undefined; step += 1)
      response = await browser.get(response.location);
    this.add(name, response);
    return response;
  }
}
