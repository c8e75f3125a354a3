// The floors of the house, from the ground up: a room imports only from rooms on lower floors.
const floors = [
  ['core'],
  ['files', 'image', 'models'],
  ['radiograph', 'ribs', 'infection', 'phantom', 'evaluation', 'evidence'],
  ['dicom', 'report'],
  ['reading'],
  ['service'],
  ['cli'],
];

const roomRules = floors.flatMap((rooms, floor) =>
  rooms.map((room) => {
    const allowed = [room, ...floors.slice(0, floor).flat()];
    return {
      name: `floor-${floor + 1}-${room}`,
      comment: `src/${room} may import only from itself and the floors below it`,
      severity: 'error',
      from: { path: `^src/${room}/` },
      to: { path: '^src/', pathNot: `^src/(${allowed.join('|')})/` },
    };
  }),
);

module.exports = {
  forbidden: [
    ...roomRules,
    {
      name: 'core-depends-on-zod-only',
      severity: 'error',
      from: { path: '^src/core/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['npm', 'npm-dev', 'core'], pathNot: 'node_modules/zod' },
    },
    {
      name: 'service-words-and-access-stay-pure',
      comment: 'roles, permissions and urgency are decided without a database or a request in sight',
      severity: 'error',
      from: { path: '^src/service/(words|access)/', pathNot: '\\.test\\.ts$' },
      to: { path: ['^src/service/(?!words/|access/)', 'node_modules/(fastify|@fastify|pg|pg-boss)/'] },
    },
    {
      name: 'no-circular',
      comment: 'type-only and dynamic imports count: types that two files share have a file of their own',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
