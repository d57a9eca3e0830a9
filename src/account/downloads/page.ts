import { html } from 'ghtml';
import { accountPage } from '../page.ts';
import type { Place } from '../place.ts';

export function downloadsPage(place: Place): string {
  const { words, base, who } = place;
  const { saving: w } = words;
  const body = html`
<h1>${w.title(who)}</h1>
<p class="lead">${w.lead}</p>
<h2>${w.summary}</h2>
<p>${w.summaryText}</p>
<p><a class="button" href="${base}/summary">${w.summaryOpen}</a></p>
<h2>${w.r4}</h2>
<p>${w.r4Text}</p>
<p><a class="button second" href="${base}/downloads/r4">${w.r4Save}</a></p>
<h2>${w.dstu2}</h2>
<p>${w.dstu2Text}</p>
<p><a class="button second" href="${base}/downloads/dstu2">${w.dstu2Save}</a></p>
<p class="quiet">${w.noted} <a href="${base}/log">${words.log}</a></p>`;
  return accountPage(place, { title: w.title(who), body, under: '/downloads' });
}
