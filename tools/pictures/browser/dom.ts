/** An element with classes and children. Text is set as text, never as markup. */
export function element(tag: string, classes = "", ...children: (Node | string)[]): HTMLElement {
  const made = document.createElement(tag);
  if (classes) made.className = classes;
  made.append(...children);
  return made;
}

/** An element with one style. */
export function styled(made: HTMLElement, styles: Partial<CSSStyleDeclaration>): HTMLElement {
  Object.assign(made.style, styles);
  return made;
}
