import MiniSearch from 'minisearch';
import type { OpenSearch } from './search-port.js';

/** The search port over MiniSearch: BM25 over the fields, with near matches and beginnings of words counted less. */
export const openMiniSearch: OpenSearch = (documents) => {
  const index = new MiniSearch({
    fields: ['question', 'keywords', 'text'],
    tokenize: (text) => text.split(' '),
    processTerm: (term) => term,
  });
  index.addAll(documents.map((document) => ({ ...document })));
  return {
    find: (terms) =>
      index
        .search(terms.join(' '), {
          boost: { question: 4, keywords: 3, text: 1 },
          fuzzy: (term) => (term.length > 4 ? 0.2 : false),
          prefix: (term) => term.length > 3,
          weights: { fuzzy: 0.3, prefix: 0.4 },
        })
        .map(({ id, score, queryTerms }) => ({ id: String(id), score, matched: queryTerms })),
  };
};
