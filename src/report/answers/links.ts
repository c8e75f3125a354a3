/** Addresses of the pages, relative to the root of the site. */
export const pages = {
  home: 'index.html',
  sources: 'sources.html',
  models: 'models.html',
  method: 'method.html',
  answer: (id: string) => `answers/${id}.html`,
} as const;

/** Id of a fact's row on the sources page. */
export function factAnchor(study: string, fact: string): string {
  return `${study}.${fact}`;
}

/** What leads from a page back to the root: "" for pages there, "../" for answers. */
export type Root = '' | '../';
