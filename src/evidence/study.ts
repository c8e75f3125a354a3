import { z } from 'zod';

const id = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/);
const isoDate = z.iso.date();

/**
 * How a fact was obtained. `table`: read in a table or the full text. `abstract`: only an abstract or a summary was
 * read. `page`: stated by a public page whose primary source was not found. `reconstructed`: counts that reproduce
 * every rounded rate of the source. `derived`: worked out here from other facts of the same entry. `recalled`: from
 * general knowledge, not yet checked against the source. `unstated`: the research notes do not say what was read.
 * `own`: a property of this site, which its tests check.
 */
export const howSchema = z.enum([
  'table',
  'abstract',
  'page',
  'reconstructed',
  'derived',
  'recalled',
  'unstated',
  'own',
]);
export type How = z.infer<typeof howSchema>;

/** `notes`: the project's research notes. `lookup`: read in a public record at one of the `checkedAt` addresses. */
export const viaSchema = z.enum(['notes', 'lookup']);

/**
 * What a number means. `proportion` and `difference` (of proportions) lie in 0..1 and -1..1; `auc` and `score` (mAP,
 * F1, precision) in 0..1; `count` and `year` are whole; `seconds` and `suv` are positive; `rate` is per image or scan.
 */
export const unitSchema = z.enum([
  'proportion',
  'difference',
  'auc',
  'score',
  'count',
  'year',
  'seconds',
  'suv',
  'rate',
]);
export type Unit = z.infer<typeof unitSchema>;

const interval = z.tuple([z.number(), z.number()]);

/** The 2x2 table of one study that a systematic review pooled. */
export const cellsSchema = z.strictObject({
  name: z.string().min(1),
  tp: z.number().int().nonnegative(),
  fn: z.number().int().nonnegative(),
  fp: z.number().int().nonnegative(),
  tn: z.number().int().nonnegative(),
});

/**
 * One number of a study: stated as `value`, or computed here from a `count`, worked out from other facts of the
 * entry by a `formula`, or pooled from the cells of the studies that a review `included`.
 */
export const factSchema = z
  .strictObject({
    label: z.string().min(3),
    unit: unitSchema,
    value: z.number().optional(),
    /** 95 % interval as stated by the source. Never typed for a fact with `count`: it is computed. */
    interval: interval.optional(),
    /** Numerator and denominator; value and interval are computed from them. */
    count: z.tuple([z.number().int().nonnegative(), z.number().int().positive()]).optional(),
    /** What the source printed, for a fact with `count`: the check compares it with what is computed. */
    stated: z.object({ value: z.number(), interval: interval.optional() }).optional(),
    how: howSchema,
    via: viaSchema.default('notes'),
    /**
     * Works the fact out from others of the entry: `difference` of two, or `prevalence-from-f1`, the share of images
     * with a fracture that a sensitivity, a specificity and an F1 imply.
     */
    formula: z
      .strictObject({ name: z.enum(['difference', 'prevalence-from-f1']), of: z.array(id).min(2).max(3) })
      .optional(),
    /** Takes the pooled sensitivity or specificity of `included`. */
    pooled: z.enum(['sensitivity', 'specificity']).optional(),
    note: z.string().optional(),
  })
  .refine(
    ({ value, count, formula, pooled }) =>
      [value, count, formula, pooled].filter((given) => given !== undefined).length === 1,
    { message: 'a fact has exactly one of value, count, formula and pooled' },
  )
  .refine((fact) => fact.value !== undefined || fact.interval === undefined, {
    message: 'the interval of a computed fact is computed, not typed',
  });
export type Fact = z.infer<typeof factSchema>;

/** A finding in words, where the source gives no number or the words matter more. */
export const statementSchema = z.strictObject({
  text: z.string().min(10),
  how: howSchema,
  via: viaSchema.default('notes'),
});

/**
 * `systematic-review`: pools other studies. `prospective`: patients read as they came. `reader-study`: people read the
 * same cases with and without AI. `accuracy-study`: an existing system measured on collected cases.
 * `model-development`: authors build and test their own system. `benchmark`: systems compared on a public data set.
 * `survey`: people were asked what they think. `device-record`: a regulator's record. `claim`: a statement on a public page. `rule`: law, guidance, habit.
 */
export const designSchema = z.enum([
  'systematic-review',
  'prospective',
  'reader-study',
  'accuracy-study',
  'model-development',
  'benchmark',
  'survey',
  'device-record',
  'claim',
  'rule',
]);
export type Design = z.infer<typeof designSchema>;

/** Where the system was tested: outside the hospitals that taught it, inside, both, or not stated in what we read. */
export const testingSchema = z.enum(['external', 'internal', 'both', 'not-stated', 'not-applicable']);

/** What an entry has measured. An answer that says "we hold no study of ..." is checked against this list. */
export const subjectSchema = z.enum([
  'ai-alone',
  'ai-aided-reading',
  'location',
  'fracture-type',
  'fresh-or-old',
  'reading-time',
  'wrist',
  'hand',
  'ankle-foot',
  'heel',
  'hip',
  'shoulder',
  'ribs',
  'neck',
  'children',
  'infection',
  'xray-against-ct',
  'radiation-dose',
  'privacy',
  'fairness',
  'heat-map-accuracy',
  'patient-outcome',
  'healing',
  'probability-calibration',
  'disagreement',
  'cost',
  'knee',
  'elbow',
  'back',
  'face',
  'mri',
  'soft-tissue',
  'metal',
  'chatbot',
  'waiting-time',
  'patient-views',
  'consent',
  'liability',
]);

export const identifierSchema = z.strictObject({
  scheme: z.enum(['doi', 'pmc', 'pubmed', 'fda', 'cfr', 'eu']),
  value: z.string().min(3),
});
export type Identifier = z.infer<typeof identifierSchema>;

/** One entry of the evidence base: the contract `lucency.evidence/1`. One file each in `studies/`. */
export const studySchema = z
  .strictObject({
    schema: z.literal('lucency.evidence/1'),
    id,
    /** Only `study` and `benchmark` count towards confidence; a rule says what should be, a page what is claimed; `site` is this site itself. */
    kind: z.enum(['study', 'benchmark', 'rule', 'page', 'site']),
    /** Short name that readers see, such as "Kuo and others, 2022". */
    name: z.string().min(3),
    title: z.string().nullable(),
    year: z.number().int().min(1990).max(2100).nullable(),
    venue: z.string().nullable(),
    identifiers: z.array(identifierSchema),
    /** Whether title, venue and identifiers stand in the research notes or were looked up in a public record. */
    identityVia: viaSchema,
    modality: z.array(z.enum(['radiograph', 'ct', 'pet-ct'])),
    bodyParts: z.array(z.string()),
    design: designSchema,
    sample: z.string(),
    /** Number of studies that a systematic review pooled. */
    studiesPooled: z.number().int().min(2).nullable(),
    /** Cells of the pooled studies, where they are known: then our own meta-analysis gives the numbers. */
    included: z.array(cellsSchema).min(4).optional(),
    referenceStandard: z.string().nullable(),
    testing: testingSchema,
    riskOfBias: z.strictObject({ level: z.enum(['low', 'unclear', 'high']), why: z.string().min(10) }),
    comparison: z.string().nullable(),
    subjects: z.array(subjectSchema),
    facts: z.record(id, factSchema),
    statements: z.record(id, statementSchema),
    limits: z.array(z.string()),
    /** Day on which the entry was last compared with its source. */
    checked: isoDate,
    /** Public addresses at which the entry was compared on that day; empty when only the notes were used. */
    checkedAt: z.array(z.url({ protocol: /^https?$/ })),
  })
  .refine((study) => study.design !== 'systematic-review' || study.studiesPooled !== null, {
    message: 'a systematic review states how many studies it pooled',
    path: ['studiesPooled'],
  })
  .refine(
    (study) => study.included !== undefined || Object.values(study.facts).every((fact) => !fact.pooled),
    {
      message: 'a pooled fact needs the cells of the included studies',
      path: ['included'],
    },
  );
export type Study = z.infer<typeof studySchema>;

const addresses: Record<Identifier['scheme'], (value: string) => string> = {
  doi: (value) => `https://doi.org/${value}`,
  pmc: (value) => `https://pmc.ncbi.nlm.nih.gov/articles/${value}/`,
  pubmed: (value) => `https://pubmed.ncbi.nlm.nih.gov/${value}/`,
  fda: (value) => `https://www.accessdata.fda.gov/scripts/cdrh/cfdocs/cfpmn/denovo.cfm?id=${value}`,
  cfr: (value) => {
    const [title, section] = value.split(' CFR ');
    return `https://www.ecfr.gov/current/title-${title}/section-${section}`;
  },
  eu: (value) => `https://eur-lex.europa.eu/eli/reg/${value}/oj`,
};

/** Public address of an identifier. */
export function identifierAddress({ scheme, value }: Identifier): string {
  return addresses[scheme](value);
}
