import { html } from 'ghtml';
import type { ConsentGroup, ConsentLine, ConsentPage } from '../oauth/index.ts';
import { type Language, wordsIn } from '../words/index.ts';

/** A box for each kind of data. */
export function lineChoices({ app, groups, supporting }: ConsentPage, language: Language, whose?: string): string {
  const { lines: words } = wordsIn(language).consent;
  if (groups.length === 0) return supporting ? '' : html`<p>${words.none(whose)}</p>`;
  const together = groups.filter(({ heading }) => heading !== undefined);
  const alone = groups.filter(({ heading }) => heading === undefined).flatMap(({ lines }) => lines);
  // A scope can name what is allowed, and no exception from it: so an entry of two kinds needs one of them only.
  return html`
  <fieldset class="kinds"><legend>${words.legend(app.name)}</legend>
    !${groups.some(({ inParts }) => inParts) ? html`<p class="hint">${words.several}</p>` : ''}
    !${alone.map((line) => lineChoice(line, language)).join('')}
    !${together.map((group) => groupChoices(group, language)).join('')}
  </fieldset>`;
}

const groupChoices = ({ heading, lines }: ConsentGroup, language: Language): string => html`
    <fieldset><legend>${heading}</legend>!${lines.map((line) => lineChoice(line, language)).join('')}
    </fieldset>`;

/** What needs a permission of its own. */
export function sensitiveChoices(lines: readonly ConsentLine[], language: Language, whose?: string): string {
  if (lines.length === 0) return '';
  const { sensitive: words } = wordsIn(language).consent;
  return html`
  <fieldset aria-describedby="about-sensitive"><legend>${words.legend}</legend>
    <p class="hint" id="about-sensitive">${words.hint(whose)}</p>
    !${lines.map((line) => lineChoice(line, language)).join('')}
  </fieldset>`;
}

/** A locked line shows a ticked box that can't be changed; the server adds it, whatever the form says. */
function lineChoice({ key, label, detail, ticked, locked, isNew }: ConsentLine, language: Language): string {
  const { lines: words } = wordsIn(language).consent;
  return html`
    <div class="tick">
      <input type="checkbox" id="allow-${key}" name="allow" value="${key}" aria-describedby="about-${key}" !${ticked ? 'checked' : ''} !${locked ? 'disabled' : ''}>
      <label for="allow-${key}">${label}!${isNew ? html` <span class="new">${words.isNew}</span>` : ''}</label>
      <p id="about-${key}">${detail}!${locked ? html` <b>${words.locked}</b>` : ''}</p>
    </div>`;
}

/** What goes along and has no line of its own: supporting types, and who the person is. */
export function alsoNote({ supporting, identity }: ConsentPage, language: Language, whose?: string): string {
  const { lines: words } = wordsIn(language).consent;
  const notes = [
    ...(supporting ? [words.supporting] : []),
    ...(identity === undefined ? [] : [words.identity[identity](whose)]),
  ];
  return notes.length === 0 ? '' : html`<p class="hint below">${notes.join(' ')}</p>`;
}
