/**
 * Plugin of Swagger UI that removes its landmarks. It is a part of a page that has a header and a main part already.
 */
export const WithoutLandmarks = ({ React }) => {
  const withoutLandmarks = (node) => {
    if (!React.isValidElement(node)) return node;
    const { children, role, ...props } = node.props;
    const own = children === undefined ? [] : [React.Children.map(children, withoutLandmarks)];
    if (node.type === 'main' || node.type === 'header') {
      return React.createElement('div', { ...props, key: node.key, ref: node.ref }, ...own);
    }
    return own.length === 0 ? node : React.cloneElement(node, {}, ...own);
  };
  const rewrite = (Component) =>
    class extends Component {
      render() {
        return withoutLandmarks(super.render());
      }
    };
  // Swagger UI puts each component into an error boundary, whose only child is the component.
  const wrap = (Boundary) =>
    class extends Boundary {
      render() {
        const boundary = super.render();
        const { type, props } = boundary.props.children;
        this.rewritten ??= rewrite(type);
        return React.cloneElement(boundary, {}, React.createElement(this.rewritten, props));
      }
    };
  return { wrapComponents: { BaseLayout: wrap, Topbar: wrap } };
};

/** Levels of headings, so that none is skipped below the title. */
const HEADING_LEVELS = {
  2: 'h3.opblock-tag, .modal-ux-header h3',
  3: '.opblock h4, .auth-container h4, .errors-wrapper h4',
  4: '.opblock h5, .auth-container h5, .auth-container h2, .auth-container h6',
};

function repair(root) {
  for (const [level, selector] of Object.entries(HEADING_LEVELS)) {
    for (const heading of root.querySelectorAll(selector)) heading.setAttribute('aria-level', level);
  }
  for (const select of root.querySelectorAll('select:not([aria-label])')) {
    if (select.id === 'servers' || select.labels.length === 0) select.setAttribute('aria-label', nameOfSelect(select));
  }
  for (const button of root.querySelectorAll('.close-modal')) button.setAttribute('aria-label', 'Close');
  for (const code of root.querySelectorAll('.microlight')) code.tabIndex = 0;
  // The button around the link opens the operation and updates the address.
  for (const link of root.querySelectorAll('.opblock-summary-control a[href]')) link.removeAttribute('href');
}

const nameOfSelect = (select) =>
  select.id === 'servers' ? 'Server' : (select.closest('[data-param-name]')?.dataset.paramName ?? 'Example');

/** Adds names, heading levels and keyboard access that Swagger UI lacks, whenever it changes the page. */
export function repairAccessibility(root) {
  new MutationObserver(() => repair(root)).observe(root, { childList: true, subtree: true });
}
