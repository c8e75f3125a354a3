/** One document of the search: an answer, with its fields already turned into terms. */
export interface SearchDocument {
  readonly id: string;
  readonly question: string;
  readonly keywords: string;
  readonly text: string;
}

export interface SearchHit {
  readonly id: string;
  readonly score: number;
  /** Terms of the question that the document holds, exactly or nearly. */
  readonly matched: readonly string[];
}

/** Full-text search over the answers. */
export interface SearchPort {
  find(terms: readonly string[]): SearchHit[];
}

export type OpenSearch = (documents: readonly SearchDocument[]) => SearchPort;
