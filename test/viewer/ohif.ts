import { readFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import path from 'node:path';

/** OHIF's built app, served from the same address as the DICOMweb of an archive, which spares both CORS. */
export interface OhifServer {
  readonly url: string;
  stop(): Promise<void>;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
};

const config = `window.config = {
  routerBasename: '/', extensions: [], modes: [], customizationService: {}, showStudyList: true,
  maxNumberOfWebWorkers: 1, showWarningMessageForCrossOrigin: false, showCPUFallbackMessage: false,
  showLoadingIndicator: true, strictZSpacingForVolumeViewport: true, investigationalUseDialog: { option: 'never' },
  maxNumRequests: { interaction: 20, thumbnail: 5, prefetch: 5 }, defaultDataSourceName: 'dicomweb',
  dataSources: [{ namespace: '@ohif/extension-default.dataSourcesModule.dicomweb', sourceName: 'dicomweb',
    configuration: { friendlyName: 'archive', name: 'archive', wadoUriRoot: '/wado', qidoRoot: '/dicom-web',
      wadoRoot: '/dicom-web', qidoSupportsIncludeField: false, imageRendering: 'wadors', thumbnailRendering: 'wadors',
      enableStudyLazyLoad: true, supportsFuzzyMatching: false, supportsWildcard: true, omitQuotationForMultipartRequest: true,
      bulkDataURI: { enabled: true, relativeResolution: 'studies' } } }],
};`;

/**
 * @param dist folder of OHIF's built app
 * @param archive address of the archive, with DICOMweb under `/dicom-web`
 */
export async function serveOhif(dist: string, archive: string): Promise<OhifServer> {
  const server = createServer(async (incoming, reply) => {
    const address = new URL(incoming.url ?? '/', 'http://localhost');
    if (address.pathname.startsWith('/dicom-web')) {
      const { host: _, ...headers } = incoming.headers;
      const forwarded = request(
        `${archive}${incoming.url}`,
        { method: incoming.method, headers },
        (answer) => {
          reply.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(reply);
        },
      );
      forwarded.on('error', () => reply.destroy());
      incoming.pipe(forwarded);
      return;
    }
    if (address.pathname === '/app-config.js') {
      reply.writeHead(200, { 'content-type': 'text/javascript' }).end(config);
      return;
    }
    const wanted = path.join(dist, path.normalize(address.pathname));
    const file = path.extname(wanted) === '' ? path.join(dist, 'index.html') : wanted;
    const content = await readFile(file).catch(() => null);
    // The worker and wasm of the image library need a page isolated from other origins.
    const headers = {
      'content-type': types[path.extname(file)] ?? 'application/octet-stream',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
    };
    if (content) reply.writeHead(200, headers).end(content);
    else reply.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  const port = typeof bound === 'object' && bound ? bound.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
