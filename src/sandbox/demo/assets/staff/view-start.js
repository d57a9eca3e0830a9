import { el, show } from '../shared/dom.js';
import { failureView } from '../shared/view-failure.js';
import { chartUrl, launcherUrl } from './links.js';
import { messages } from './messages.js';

/**
 * The screen without a chart: the app was opened on its own, a launch failed, or the chart was closed.
 * @param options.failure why no chart is open
 * @param options.again tries again, if that can help
 * @param options.closed whether the user has just closed the chart
 * @param options.context the patient and the visit of the chart that was open. The launcher can open them again
 */
export function showStart(config, { failure, again, closed, context } = {}) {
  const text = messages.start;
  const chart = context && chartUrl(config, context);
  const row = (term, value) => el('div', {}, el('dt', {}, term), el('dd', {}, el('code', {}, value)));
  document.title = 'Visit Prep (demo)';
  show(
    el(
      'div',
      { class: 'start' },
      failure && failureView(failure, again),
      closed &&
        el(
          'div',
          { class: 'note', role: 'status' },
          el('p', { class: 'title' }, messages.closed.title),
          el('p', {}, messages.closed.happened),
          el('p', {}, messages.closed.next),
        ),
      el('h1', {}, text.title),
      el('p', { class: 'lead' }, text.lead),
      chart && el('a', { href: chart, class: 'big' }, messages.backToChart),
      el(
        'a',
        { href: launcherUrl(config, context), class: chart ? undefined : 'big' },
        chart ? text.again : text.launcher,
      ),
      el(
        'section',
        { class: 'hint', 'aria-labelledby': 'hint' },
        el('h2', { id: 'hint' }, text.hint),
        el('dl', {}, row(text.username, config.hint.username), row(text.password, config.hint.password)),
      ),
      el('h2', {}, text.how),
      el(
        'ol',
        { class: 'steps' },
        text.steps.map((step) => el('li', {}, step)),
      ),
    ),
  );
}
