/** @file The two schemes that a window may read: the page's files, and the library's media. */
import { MessageChannelMain, protocol } from 'electron';
import type { MessagePortMain } from 'electron';
import { mediaScheme } from '../../contract/index.ts';
import type { Page } from '../serve/pages.ts';
import { pageOrigin, pageScheme, parseMediaAddress } from './addresses.ts';
import type { CoreKeeper } from './core-keeper.ts';
import { receiveMedia } from './media-stream.ts';
import { answerPage } from './pages.ts';

/** Makes both schemes known; before the app is ready. */
export function registerSchemes(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: pageScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
    { scheme: mediaScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, corsEnabled: true } },
  ]);
}

/** Answers both schemes; once the app is ready. */
export function handleSchemes(pages: Map<string, Page>, keeper: Pick<CoreKeeper<MessagePortMain>, 'orderMedia'>): void {
  protocol.handle(pageScheme, (request) => answerPage(pages, request.url));
  protocol.handle(mediaScheme, (request) => answerMedia(request, keeper));
}

async function answerMedia(request: Request, keeper: Pick<CoreKeeper<MessagePortMain>, 'orderMedia'>): Promise<Response> {
  const address = parseMediaAddress(request.url);
  if (address === null || (request.method !== 'GET' && request.method !== 'HEAD'))
    return new Response('There is no such track.\n', { status: 404 });
  const { port1, port2 } = new MessageChannelMain();
  if (!(await keeper.orderMedia({ ...address, range: request.headers.get('range') }, port2))) {
    port1.close();
    return new Response('The core is not there.\n', { status: 503 });
  }
  return await receiveMedia(port1, pageOrigin);
}
