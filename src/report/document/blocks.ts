import type { Table } from '../tables/table.js';

/** Pieces of a document, the same for HTML and PDF. */
export type Block =
  /** Level 1 is the title of the document. */
  | { readonly kind: 'heading'; readonly level: 2 | 3; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: string }
  /** Small grey line under a heading, such as the numbers of the items that it answers. */
  | { readonly kind: 'label'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'table'; readonly table: Table }
  | { readonly kind: 'figure'; readonly svg: string; readonly alternative: string; readonly caption: string }
  /** Something that a reader must not overlook. */
  | { readonly kind: 'notice'; readonly text: string }
  /** What a program cannot know: to be written by the author. */
  | { readonly kind: 'author'; readonly text: string };

export interface ReportDocument {
  readonly title: string;
  readonly subtitle: string;
  readonly blocks: readonly Block[];
}

/** Words in front of what the author must write. */
export const authorPrefix = 'To be written by the author: ';
