/** One item of the reporting checklists, in words of our own. */
export interface ChecklistItem {
  /** Number in CLAIM 2024; "+1", "+2" for what STARD and STARD-AI ask beyond it. */
  readonly number: string;
  readonly section: string;
  readonly topic: string;
  /** Number in STARD 2015, or "AI" for what STARD-AI adds; null where STARD has no such item. */
  readonly stard: string | null;
  /** What only the author can say. */
  readonly author: string;
}

type Row = readonly [number: string, topic: string, stard: string | null, author: string];

function section(name: string, rows: readonly Row[]): ChecklistItem[] {
  return rows.map(([number, topic, stard, author]) => ({ number, section: name, topic, stard, author }));
}

/**
 * The items of CLAIM 2024 (Tejani et al., Radiology: Artificial Intelligence 2024;6:e240300) in their order, with the
 * items of STARD 2015 (Bossuyt et al., BMJ 2015;351:h5527) that they meet, and what STARD and its extension STARD-AI
 * (Sounderajah et al., Nature Medicine 2025) ask beyond them. The wording is ours; journals want their own forms.
 */
export const checklist: readonly ChecklistItem[] = [
  ...section('Title and abstract', [
    [
      '1',
      'The title names the AI method',
      '1',
      'Title that names the kind of AI (such as deep learning) and the diagnostic task.',
    ],
    ['2', 'Structured summary', '2', 'Summary of purpose, design, data, methods, results and conclusion.'],
  ]),
  ...section('Introduction', [
    [
      '3',
      'Background, intended use and role',
      '3',
      'What is known, for whom and at which step of care the system is meant.',
    ],
    ['4', 'Aims and hypotheses', '4', 'Aims, and hypotheses with the margin or bound that decides them.'],
  ]),
  ...section('Methods: study design', [
    [
      '5',
      'Prospective or retrospective',
      '5',
      'Whether data were collected before or after the question was asked.',
    ],
    ['6', 'Goal of the study', null, 'Model creation, internal test, external test, non-inferiority, ...'],
  ]),
  ...section('Methods: data', [
    [
      '7',
      'Sources of the data',
      '7, 8',
      'Institutions, dates, how cases were found, ethics approval and consent.',
    ],
    [
      '8',
      'Inclusion and exclusion',
      '6, 9',
      'Eligibility criteria; consecutive, random or convenience series.',
    ],
    ['9', 'Preprocessing', '10a', 'What happened to the images before the model saw them.'],
    [
      '10',
      'Selection of subsets',
      null,
      'Cropping, choice of views or slices, choice of one image per patient.',
    ],
    ['11', 'De-identification', null, 'How identifying data and burnt-in text were removed.'],
    ['12', 'Missing data', '15, 16', 'Why images or labels are missing, and why the handling is fair.'],
    ['13', 'Acquisition of the images', null, 'Devices, protocols, views.'],
  ]),
  ...section('Methods: reference standard', [
    ['14', 'Definition of the reference standard', '10b, 12b', 'What counts as diseased, and by which test.'],
    ['15', 'Why this reference standard', '11', 'Why it was chosen, and what it misses.'],
    [
      '16',
      'Who annotated',
      null,
      'Number, training and experience of the annotators; their instructions and tools.',
    ],
    [
      '17',
      'Annotation of the test set',
      null,
      'How the test set was labelled, and whether otherwise than the training set.',
    ],
    [
      '18',
      'Variability of the annotators',
      '17',
      'Agreement within and between annotators, and how disagreement was settled.',
    ],
  ]),
  ...section('Methods: partitions and sample', [
    [
      '19',
      'How data were assigned to partitions',
      'AI',
      'How training, tuning and test sets were made, and their sizes.',
    ],
    [
      '20',
      'Level at which partitions are disjoint',
      'AI',
      'Patient, study, image or institution; how it was checked.',
    ],
    [
      '21',
      'Intended sample size',
      '18',
      'How the size of the test set was determined (lucency sample-size).',
    ],
  ]),
  ...section('Methods: model and training', [
    ['22', 'The model', '10a', 'Inputs, outputs, layers; enough to build it again.'],
    ['23', 'Software', null, 'Versions of the libraries that training used.'],
    ['24', 'Initial weights', null, 'Random or pretrained, and on what.'],
    ['25', 'Training', null, 'Augmentation, hyperparameters, stopping, number of models trained.'],
    ['26', 'Choice of the final model', null, 'By which measure on which data the final model was chosen.'],
    ['27', 'Ensembles', null, 'How models were combined, if they were.'],
  ]),
  ...section('Methods: evaluation', [
    ['28', 'Measures of performance', '12a, 14', 'Which measure is primary, and why; why these thresholds.'],
    ['29', 'Statistics and uncertainty', '14', 'Any analysis done outside this report.'],
    [
      '30',
      'Robustness and sensitivity analyses',
      '17',
      'Which analyses were planned, which were added afterwards.',
    ],
    ['31', 'Explainability', null, 'Methods such as Grad-CAM, and how they were checked.'],
    [
      '32',
      'Evaluation on internal data',
      null,
      'Whether this set is from the institutions that trained the model.',
    ],
    [
      '33',
      'Test on external data',
      'AI',
      'Whether this set is from other institutions, devices or populations.',
    ],
    ['34', 'Registration', '28', 'Registry and number, if it is a trial.'],
  ]),
  ...section('Results', [
    [
      '35',
      'Numbers included and excluded',
      '19',
      'Flow diagram from all eligible cases to those evaluated here.',
    ],
    ['36', 'Characteristics of the cases', '20, 21a', 'Age, sex, severity, devices of each partition.'],
    ['37', 'Performance', '24', 'What the figures below mean for the aims.'],
    ['38', 'Diagnostic accuracy and its precision', '23, 24', 'What the figures below mean for care.'],
    ['39', 'Failure analysis', null, 'Look at the false results and say what they have in common.'],
  ]),
  ...section('Discussion', [
    ['40', 'Limitations', '26', 'Biases, uncertainty, what the results do not show.'],
    ['41', 'Implications for practice', '27', 'Intended use and role in the light of the results.'],
  ]),
  ...section('Other information', [
    ['42', 'Protocol and technical details', '29', 'Where the protocol can be read.'],
    ['43', 'Availability of software, model and data', 'AI', 'Where they can be had, and under which terms.'],
    ['44', 'Funding and role of funders', '30', 'Funding, role of funders, interests of the authors.'],
  ]),
  ...section('Asked by STARD and STARD-AI beyond CLAIM', [
    [
      '+1',
      'Version of the index test and who acts on its output',
      'AI',
      'Who saw the output when, and what they could do with it.',
    ],
    [
      '+2',
      'Blinding',
      '13a, 13b',
      'What was known to those who ran the index test and to those who set the reference.',
    ],
    ['+3', 'Time between index test and reference standard', '22', 'Interval and treatment in between.'],
    ['+4', 'Alternative diagnoses', '21b', 'What those without the target condition had.'],
    [
      '+5',
      'Fairness across groups',
      'AI',
      'Which groups matter (age, sex, origin, device), and whether errors fall on them alike.',
    ],
    ['+6', 'Harm', '25', 'Adverse events of index test and reference standard.'],
    ['+7', 'Commercial interests', 'AI', 'Interests in the index test, licences, patents.'],
  ]),
];
