import { getMessages, type PageContext } from '../i18n/index.ts';
import { type Html, html } from '../kernel/index.ts';

/** Renders how far the reader is in a task of several pages, such as enrollment. */
export const stepProgress = ({ language }: PageContext, step: number, steps: number): Html => html`
<p class="step-progress">${getMessages(language).common.step(step, steps)}<progress value="${step}" max="${steps}" aria-hidden="true"></progress></p>`;
